"""The page that starts a support visit, and the button that ends it."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tenants.visits import support
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.web.anonymous import from_this_site, private_page
from wiq.web.hosts import on_platform


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, word: str) -> HttpResponse:
    """Let the project team in through a one-time link; only the button uses it up."""
    if request.method != "POST":
        return render(request, "visits/handover.html")
    try:
        visitor = support.begin(word)
    except ValidationError:
        return render(request, "visits/handover.html", {"ended": True}, status=410)
    response: HttpResponse = perform_login(request, visitor, redirect_url=reverse("after_login"))
    assert visitor.expires_at is not None
    request.session.set_expiry(max(1, int((visitor.expires_at - timezone.now()).total_seconds())))
    return response


@private_page("same-origin")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visits in this district, as the visitor or as its coordination."""
    user = request.user
    if isinstance(user, User):
        if user.role != Role.COORDINATOR:
            raise PermissionDenied
        support.end(actor=user)
        if user.expires_at is None:
            return HttpResponseRedirect(reverse("koordination:index"))
        logout(request)
    return render(request, "visits/ended.html", {"console": on_platform("plattform:index")})
