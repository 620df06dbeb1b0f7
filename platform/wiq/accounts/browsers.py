"""Browsers in which somebody was signed in before: a signed cookie of this host, set at sign-in."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from wiq.signing import words

PURPOSE = "accounts.known_browser"
DAYS = 180
# A shared computer: the accounts that signed in last.
ACCOUNTS = 5


def known_to(request: HttpRequest, account: int | None) -> str | None:
    """Return the browser's random name if this account was signed in there; else None."""
    name, accounts = _read(request)
    return name if account in accounts else None


def remember(request: HttpRequest, response: HttpResponse, account: int) -> None:
    """Note in the browser that an account has signed in there. It opens nothing by itself."""
    name, others = _read(request)
    accounts = [account, *(other for other in others if other != account)][:ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        words.sign(PURPOSE, [name or secrets.token_urlsafe(16), accounts]),
        max_age=timedelta(days=DAYS),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    word = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        name, accounts = words.unsign(PURPOSE, word, days=DAYS)
    except (BadSignature, TypeError, ValueError):
        return "", []
    return name, accounts
