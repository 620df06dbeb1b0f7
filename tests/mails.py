"""Delivering what waits, as a worker does, and reading what the mail catcher accepted."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.cast import District
from wiq.mail.tasks import deliver
from wiq.outbox.models import Pointer


def deliver_all(district: District) -> None:
    """Run the delivery task for every pointer of a district, as a worker does."""
    for pointer in Pointer.objects.filter(district_id=district.row.pk):
        schema = district.row.schema_name
        deliver.apply(args=[pointer.pk], headers={"_schema_name": schema}, throw=True)


def deliver_public() -> None:
    """The same for the mails of the platform itself."""
    for pointer in Pointer.objects.filter(district_id=None):
        deliver.apply(args=[pointer.pk], headers={"_schema_name": "public"}, throw=True)


def caught(maildir: Path, recipient: str) -> list[EmailMessage]:
    """Return the mails that the catcher accepted for an address, the oldest first."""
    files = sorted((maildir / "new").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    mails: list[Any] = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [mail for mail in mails if mail["X-WiQ-Envelope-To"] == recipient]


def bodies(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()
