"""The page that starts a support visit."""

from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tenants.visits import support
from wiq.web.anonymous import from_this_site, private_page


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
