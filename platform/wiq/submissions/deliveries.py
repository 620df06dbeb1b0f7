"""What is known of a submission's first mails, for whoever sent it: never more than that.

The mail server took a mail, or not yet, or refused it. Whether anybody read it nobody knows.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from wiq.mail.models import Message
from wiq.mail.services import is_withheld
from wiq.mail_addresses import parts
from wiq.outbox import services as outbox
from wiq.outbox.models import State
from wiq.submissions.models import Submission


class Known(StrEnum):
    """What is known of a mail; of several, the best."""

    TAKEN = "taken"
    UNTRIED = "untried"
    WAITING = "waiting"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    NOTHING = ""


class Delivery(NamedTuple):
    """One mail: what is known, since when, and to which address, masked."""

    known: Known
    at: datetime | None = None
    to: str = ""


NOTHING = Delivery(Known.NOTHING)


def masked(address: str) -> str:
    """Return an address so that its owner knows it and nobody else learns it."""
    local, domain = parts(address)
    name, _dot, end = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{end}" if name else ""


def to_team(submission: Submission) -> Delivery:
    """Return what is known of the first mail to the team."""
    found = _best(submission, submission.FIRST_MAILS[0])
    if found.known == Known.NOTHING and _is_awaited(submission):
        # The team had no address, or the mails stayed where the district moved from.
        return Delivery(Known.UNKNOWN)
    return found._replace(to="")


def to_sender(submission: Submission) -> Delivery:
    """Return what is known of the confirmation."""
    return _best(submission, submission.FIRST_MAILS[1])


def _is_awaited(submission: Submission) -> bool:
    states = set(submission.WAITING) - set(submission.TEAM_LEARNS_LATER)
    return submission.anonymised_at is None and submission.state in states


def _best(submission: Submission, kind: str) -> Delivery:
    """Return what is known of the mails of one kind: the first that was taken, else the rest."""
    mails = list(Message.objects.about(submission).filter(kind=kind).order_by("pk"))
    if not mails or submission.anonymised_at is not None:
        return NOTHING
    to = masked(mails[0].to)
    taken = [mail.sent_at for mail in mails if mail.sent_at is not None]
    if taken:
        return Delivery(Known.TAKEN, min(taken), to)
    if all(map(is_withheld, mails)):
        return Delivery(Known.WITHHELD, None, to)
    pointers = outbox.pointers_of([mail.uuid for mail in mails]).values()
    if {pointer.state for pointer in pointers} == {State.DEAD}:
        return Delivery(Known.REFUSED, None, to)
    was_tried = any(pointer.attempts for pointer in pointers)
    return Delivery(Known.WAITING if was_tried else Known.UNTRIED, None, to)
