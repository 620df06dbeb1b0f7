"""The web inbox over the mail catcher's Maildir, at ``/postfach/``."""

import mailbox
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wiq.web.content_policy import replace, widen

SHOWN = 200


def _maildir() -> mailbox.Maildir:
    return mailbox.Maildir(settings.WIQ_MAIL_CATCHER, create=True)


def _read(key: str) -> EmailMessage:
    try:
        content = _maildir().get_bytes(key)
    except KeyError:
        raise Http404 from None
    return message_from_bytes(content, policy=policy.default)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _local(moment: datetime) -> datetime:
    """Return local time; a date with the zone ``-0000`` is UTC (RFC 5322, 3.3)."""
    return localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _row(key: str) -> dict[str, Any]:
    message = _read(key)
    header = message["Date"]
    return {
        "key": key,
        "to": message["X-WiQ-Envelope-To"],
        "sender": message["From"],
        "subject": message["Subject"],
        "at": _local(header.datetime) if header and header.datetime else None,
    }


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first."""
    keys = sorted(_maildir().iterkeys(), reverse=True)
    return render(request, "embedded/inbox.html", {"mails": [_row(key) for key in keys[:SHOWN]]})


@never_cache
@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one mail: headers, text, and its HTML in a sandboxed frame."""
    message = _read(key)
    context = {
        "key": key,
        "subject": message["Subject"],
        "headers": [(name, value) for name, value in message.items()],
        "text": _body(message, "plain"),
        "has_html": message.get_body(("html",)) is not None,
    }
    response = render(request, "embedded/mail.html", context)
    widen(response, {"frame-src": ["'self'"]})
    return response


@never_cache
@require_safe
def html(request: HttpRequest, key: str) -> HttpResponse:
    """Serve the HTML of one mail for the frame, without scripts and external files."""
    response = HttpResponse(_body(_read(key), "html"))
    replace(response, {
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
    })  # fmt: skip
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


urlpatterns = [
    path("", inbox, name="postbox"),
    path("<str:key>/", mail, name="postbox_mail"),
    path("<str:key>/html/", html, name="postbox_html"),
]
