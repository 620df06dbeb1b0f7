"""Mails of ours, and what other servers report of them, in the forms that they really use."""

from itertools import count
from pathlib import Path

from tests.cast import MESSAGE, District, form
from tests.mails import deliver_all
from wiq.mail import return_paths
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State

REPORTS = Path(__file__).parent / "reports"
_numbers = count()


def report(name: str, path: str, recipient: str = "r@b.example", **words: str) -> bytes:
    """Return a stored report about the mail with this return path."""
    text = (REPORTS / f"{name}.eml").read_text(encoding="utf-8")
    for word, value in {"RETURN_PATH": path, "RECIPIENT": recipient, **words}.items():
        text = text.replace(word, value)
    return text.encode()


def sent_to(district: District, to: str) -> Message:
    """Let a resident write from an address; return the confirmation once the server took it."""
    # The same words twice within minutes are one request.
    district.client().post("/kontakt/", form(email=to, message=f"{MESSAGE} {next(_numbers)}"))
    deliver_all(district)
    return latest(district, to)


def latest(district: District, to: str) -> Message:
    with district.inside():
        return Message.objects.filter(to=to).latest("pk")


def path_of(message: Message) -> str:
    return return_paths.return_path(message)


def state_of(message: Message) -> State:
    return State(Pointer.objects.get(message_uuid=message.uuid).state)
