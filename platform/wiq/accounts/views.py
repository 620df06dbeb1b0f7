"""Signing in, the redirect after it, and the page that accepts an invitation."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wiq.accounts import invitations, sessions
from wiq.accounts.forms import AcceptForm
from wiq.accounts.models import User
from wiq.throttling import seconds_to_wait
from wiq.web.anonymous import from_this_site, private_page
from wiq.web.errors import error_response


class SignIn(LoginView):
    """The sign-in page; on a platform without accounts it says how the first one is made."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add ``on_platform`` and ``is_without_accounts``."""
        on_platform = getattr(self.request, "tenant", None) is None
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {
            "on_platform": on_platform,
            "is_without_accounts": on_platform and not User.objects.has_project_team(),
        }


@require_safe
def after_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the administration of this host."""
    on_district = getattr(request, "tenant", None) is not None
    return HttpResponseRedirect(reverse("koordination:index" if on_district else "plattform:index"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in, and sign out elsewhere."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        ended = sessions.end_others(request, user, reference=request.POST.get("which", ""))
        if ended:
            messages.success(request, _("Dort sind Sie jetzt abgemeldet."))
        return HttpResponseRedirect(reverse("own_sessions"))
    here = sessions.hashed(request.session.session_key or "")
    listed = [(row, row.pk == here) for row in sessions.of_account(user)]
    return render(request, "account/sessions.html", {"sessions": listed})


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@invitations.LINK.opens
def invitation(request: HttpRequest, held: invitations.Invited) -> HttpResponse:
    """Let the invited person choose a name and password, then sign in."""
    found = invitations.of_link(held)
    template = "account/invitation.html"
    if found is None:
        return render(request, template, {"ended": True}, status=410)
    data = request.POST if request.method == "POST" else None
    form = AcceptForm(data, email=found.email, initial={"name": found.name})
    context: dict[str, Any] = {"form": form, "invitation": found}
    if request.method != "POST":
        return render(request, template, context)
    if seconds_to_wait(request) is not None:
        return error_response(request, 429)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        user = invitations.accept(
            found, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
        )
    except ValidationError:  # somebody pressed the button twice
        return render(request, template, {"ended": True}, status=410)
    signed_in: HttpResponse = perform_login(request, user, redirect_url=reverse("after_login"))
    return signed_in
