"""Leads whoever still lacks a second step to the page that sets one up."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wiq.accounts import second_step
from wiq.accounts.models import User
from wiq.rooms import Host
from wiq.web.languages import without_language

DESKS = tuple(f"/{host.value}/" for host in Host)


class SecondStepMiddleware:
    """Closes desk and console to accounts whose second step is overdue."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not without_language(request.path_info).startswith(DESKS):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User) and second_step.is_overdue(user):
            text = _("Bitte richten Sie zuerst den zweiten Schritt beim Anmelden ein.")
            messages.info(request, text)
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
