"""The web inbox over the mail catcher's Maildir, at ``/postfach/``."""

import mailbox
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from wiq.embedded import answering
from wiq.inbound.maildir import FOLDER
from wiq.web.anonymous import from_this_site
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
    """Show one mail: headers, text, its HTML in a sandboxed frame, and a form to answer it."""
    message = _read(key)
    context = {
        "key": key,
        "reply_to": message["Reply-To"] or "",
        "answers_as": str(message["X-WiQ-Envelope-To"] or "").partition(",")[0],
        "is_sent": "gesendet" in request.GET,
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


@csrf_exempt
@from_this_site
@never_cache
@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a mail as a mail program would, in the name of whom one likes."""
    message = _read(key)
    sender = request.POST.get("von", "").strip()
    try:
        validate_email(sender)
    except ValidationError:
        raise Http404 from None
    written = answering.reply(message, sender=sender, text=request.POST.get("text", ""))
    box = _maildir()
    box.add(written)
    # As the catcher itself keeps what is addressed to the platform (wiq.inbound.maildir).
    box.add_folder(FOLDER).add(written)
    return HttpResponseRedirect(f"{reverse('postbox_mail', args=[key])}?gesendet")


urlpatterns = [
    path("", inbox, name="postbox"),
    path("<str:key>/", mail, name="postbox_mail"),
    path("<str:key>/html/", html, name="postbox_html"),
    path("<str:key>/antworten/", answer, name="postbox_answer"),
]
