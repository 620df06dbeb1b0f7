"""The holding pen as it is read: each mail with what can be done about it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from directory.conversations import authorities
from directory.conversations.incoming import is_of_team
from directory.conversations.models import Attachment, HeldMail
from directory.conversations.writing import submission_of


@dataclass(frozen=True)
class Waiting:
    """A mail that waits, and whether it can be an answer of the team."""

    mail: HeldMail
    is_of_team: bool
    can_join: bool
    # Its sender may belong to an authority that was written to: the part after the @ is the same.
    can_be_authority: bool = False


def waiting(rows: Any) -> list[Waiting]:
    """Return the mails of a queryset that nobody has looked after yet, oldest first."""
    files = Prefetch("attachments", Attachment.objects.without_content())
    mails = rows.filter(done_at=None).select_related("conversation").prefetch_related(files)
    return [_waiting(mail) for mail in mails.order_by("at", "pk")]


def _waiting(mail: HeldMail) -> Waiting:
    submission = submission_of(mail.conversation)
    if submission is None or submission.anonymised_at is not None:
        return Waiting(mail, is_of_team=False, can_join=False)
    domains = {one.rpartition("@")[2] for one in authorities.written_to(mail.conversation)}
    return Waiting(
        mail,
        is_of_team=is_of_team(submission, mail.sender),
        can_join=True,
        can_be_authority=mail.sender.lower().rpartition("@")[2] in domains,
    )
