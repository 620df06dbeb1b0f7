"""Mails as programs write them, to the reply address of a conversation."""

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any

from directory.conversations import addresses, writing
from tests.cast import District
from wiq.inbound import receiving
from wiq.inbound.mailboxes import Outcome
from wiq.inbound.words import MARKS

AUTHSERV = "mx.wiq.example"
_numbers = count()


def address_of(district: District, about: Any) -> str:
    """Return the reply address of a request or idea."""
    with district.inside():
        return addresses.reply_address(writing.conversation_of(about))


def written(
    sender: str, to: str, text: str = "Ja, gern.", *, proven: bool = True, quoted: str = "",
    files: dict[str, bytes] | None = None, **headers: str,
) -> bytes:  # fmt: skip
    """Return a mail; ``proven`` as our own server would say it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: Ihre Anfrage"
    mail["Message-ID"] = f"<{next(_numbers)}.mailing@programm.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    below = (
        f"\n\nAm 30.11.26 um 19:50 schrieb Wir im Quartier:\n> ---- {MARKS['de']} ----\n> {quoted}"
    )
    mail.set_content(text + (below if quoted else ""))
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="text", subtype="html", filename=name)
    domain = sender.rpartition("@")[2].rstrip(">")
    verdict = f"dmarc={'pass' if proven else 'fail'} header.from={domain}"
    return f"Authentication-Results: {AUTHSERV}; {verdict}\r\n".encode() + mail.as_bytes()


def receive(mail: bytes) -> Outcome:
    """Hand a mail over as the webhook does."""
    return receiving.receive(mail)
