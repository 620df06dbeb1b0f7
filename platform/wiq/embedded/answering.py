"""An answer to a mail of the postbox, as a mail program writes it: with what it answers below."""

import mailbox
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone


def reply(message: EmailMessage, *, sender: str, text: str) -> mailbox.MaildirMessage:
    """Return an answer to a mail, with the word of the catcher that it comes from ``sender``."""
    to = str(message["Reply-To"] or message["From"] or "")
    number = str(message["Message-ID"] or "")
    mail = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2].encode("idna").decode()
    mail["Authentication-Results"] = (
        f"{settings.WIQ_INBOUND_AUTHSERV}; dmarc=pass header.from={domain}"
    )
    mail["X-WiQ-Envelope-From"], mail["X-WiQ-Envelope-To"] = sender, to
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = _subject(str(message["Subject"] or ""))
    mail["Date"] = format_datetime(timezone.localtime())
    mail["Message-ID"] = f"<{uuid.uuid4()}@postfach.invalid>"
    if number:
        mail["In-Reply-To"] = number
        mail["References"] = f"{message['References'] or ''} {number}".strip()
    quoted = "\n".join(f"> {line}" for line in _text(message).splitlines())
    when = f"{timezone.localtime():%d.%m.%y um %H:%M}"
    mail.set_content(f"{text}\n\nAm {when} schrieb Wir im Quartier:\n{quoted}\n")
    return mailbox.MaildirMessage(mail.as_bytes())


def _subject(subject: str) -> str:
    words = " ".join(subject.split())
    return words if words.lower().startswith("re:") else f"Re: {words}"


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
