"""Mails from templates, as text and HTML."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils import translation

from wiq.inbound import mailboxes
from wiq.inbound.words import MARKS
from wiq.mail import services
from wiq.mail.models import Message
from wiq.outbox.budget import Budget
from wiq.senders import services as senders
from wiq.tenancy import connection


def write(
    template: str,
    *,
    kind: str,
    to: str,
    subject: str,
    about: models.Model | None,
    reply_to: str = "",
    unsubscribe_url: str = "",
    budget: Budget | None = None,
    **context: Any,
) -> Message:
    """Render ``template`` (.txt and .html) in the current language and put it into the outbox.

    ``budget`` is for mails to an address that anybody may have typed (services.enqueue). Besides
    ``context``, templates get ``district``, ``subject`` and ``sender``.
    """
    language = translation.get_language() or "de"
    whole = {
        # Stands on top of what can be answered: there, quotations of it begin.
        "reply_mark": MARKS[language[:2]] if mailboxes.is_reply_address(reply_to) else "",
        "district": connection.tenant,
        "sender": str(senders.current() or settings.DEFAULT_FROM_EMAIL),
        "subject": subject,
        **context,
    }
    return services.enqueue(
        kind=kind,
        to=to,
        reply_to=reply_to,
        unsubscribe_url=unsubscribe_url,
        budget=budget,
        subject=subject,
        text=render_to_string(f"{template}.txt", whole),
        html=render_to_string(f"{template}.html", whole),
        language=language,
        about=about,
    )


def write_letter(
    *,
    kind: str,
    to: str,
    subject: str,
    about: models.Model | None,
    paragraphs: Sequence[str],
    button: str = "",
    url: str = "",
    quote: str = "",
    small: Sequence[str] = (),
    reply_to: str = "",
    budget: Budget | None = None,
) -> Message:
    """Write a mail of a few paragraphs, optionally with a quotation and one link.

    ``quote`` is a text that somebody wrote; ``small`` are the last lines, such as why this mail
    was sent.
    """
    return write(
        "mail/letter", kind=kind, to=to, subject=subject, about=about, reply_to=reply_to, budget=budget,
        paragraphs=paragraphs, button=button, url=url, quote=quote, small=small,
    )  # fmt: skip
