"""A mail to try the whole way: outbox, worker, mail server."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from wiq.mail.models import Message
from wiq.mail.writing import write_letter
from wiq.outbox.models import Pointer, State


@dataclass(frozen=True)
class Fate:
    """What became of it so far, in words."""

    words: str
    is_decided: bool = False
    is_sent: bool = False


def write(address: str, *, about: models.Model | None = None) -> Message:
    """Write a mail to whoever wants to see whether and where it arrives."""
    return write_letter(
        kind="doctor.test", to=address, subject=_("Probe: Kommen unsere E-Mails an?"), about=about,
        paragraphs=[
            _("diese E-Mail haben Sie sich selbst geschickt."),
            _("Liegt sie im Spam-Ordner? Dann fehlt meistens ein Eintrag im DNS. Die Seite „Kommen unsere E-Mails an?“ sagt, welcher."),
        ],
    )  # fmt: skip


def fate(number: UUID) -> Fate:
    """Return what became of it. A pointer that is gone was sent long ago."""
    pointer = Pointer.objects.filter(message_uuid=number).first()
    if pointer is None or pointer.state == State.SENT:
        return Fate(_("Der Mailserver hat sie angenommen."), is_decided=True, is_sent=True)
    if pointer.state == State.DEAD:
        return Fate(_("Der Mailserver hat sie abgelehnt."), is_decided=True)
    return Fate(_("Noch nicht verschickt: Läuft der Worker, antwortet der Mailserver?"))
