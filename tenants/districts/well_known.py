"""Addresses that programs ask for by agreement, on every host (RFC 8615)."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tenants.districts.models import PlatformOperator
from wiq.web.hosts import absolute, on_platform

# RFC 9116, 2.5.5: less than a year, so that nobody writes to an address of long ago.
VALID = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116): whoever runs the platform.

    Where that is not known yet, the platform's imprint says who it is.
    """
    operator = PlatformOperator.objects.known()
    known = operator.email if operator else ""
    until = (timezone.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {f'mailto:{known}' if known else on_platform('console:imprint')}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Lead password managers to the right page (https://www.w3.org/TR/change-password-url/)."""
    return HttpResponseRedirect(reverse("account_change_password"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead whoever asks for the icon by its old name to the sign in the district's colour."""
    return HttpResponseRedirect(reverse("symbol"))
