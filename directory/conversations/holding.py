"""The holding pen: mails to a reply address that joined nothing until somebody looks at them."""

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.conversations import authorities
from directory.conversations.files import keep
from directory.conversations.models import (
    Conversation,
    ConversationEntry,
    HeldMail,
    HeldReason,
    Via,
)
from directory.conversations.sorts import known_sort
from directory.conversations.writing import index_again, submission_of
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.inbound.attachments import Attached
from wiq.submissions.models import Submission

# The privacy notice says so.
KEPT = timedelta(days=90)


@transaction.atomic
def hold(
    *, conversation: Conversation, sender: str, text: str, reason: HeldReason, mail_digest: str,
    quoted: str = "", attached: Collection[Attached] = (),
) -> HeldMail:  # fmt: skip
    """Hold a mail back; the same mail once more is the row that there is."""
    kept, is_new = HeldMail.objects.get_or_create(
        conversation=conversation, mail_digest=mail_digest,
        defaults={"sender": sender, "text": text, "quoted": quoted, "reason": reason},
    )  # fmt: skip
    if is_new:
        keep(attached, held=kept)
        index_again(conversation)
        audit.record_event(
            "conversation.mail_held", conversation, actor=audit.SYSTEM,
            details={"reason": str(reason)},
        )  # fmt: skip
    return kept


@transaction.atomic
def let_in(*, mail: HeldMail, actor: Actor) -> ConversationEntry:
    """Take a held mail as what the resident says, under the name of whoever sent it.

    Raises ValidationError if it is dealt with.
    """
    row, submission = _locked(mail)
    is_theirs = submission.email and row.sender.lower() == submission.email.lower()
    entry = known_sort(submission).reply(
        submission, text=row.text, via=Via.MAIL, quoted=row.quoted, mail_digest=row.mail_digest,
        sender="" if is_theirs else row.sender,
    )  # fmt: skip
    row.attachments.update(entry=entry, held=None)
    _done(row)
    audit.record_change("conversation.mail_let_in", row.conversation, actor=actor)
    return entry


@transaction.atomic
def send_on(*, mail: HeldMail, actor: Actor) -> ConversationEntry:
    """Mail a held mail of the team to the resident, as the answer of whoever read it.

    Raises ValidationError if it is dealt with, and where nobody can be answered.
    """
    row, submission = _locked(mail)
    files = [
        Attached(file.name, file.size, bytes(file.content) if file.content else None)
        for file in row.attachments.all()
    ]
    entry = known_sort(submission).answer(
        submission, text=row.text, actor=actor, via=Via.MAIL, quoted=row.quoted,
        mail_digest=row.mail_digest, attached=files,
    )  # fmt: skip
    _done(row)
    audit.record_change("conversation.mail_sent_on", row.conversation, actor=actor)
    return entry


@transaction.atomic
def note_authority(*, mail: HeldMail, actor: Actor) -> ConversationEntry:
    """Take a held mail as the answer of an authority, for the team alone.

    Raises ValidationError if it is dealt with.
    """
    row, submission = _locked(mail)
    entry = authorities.answered(
        submission=submission, text=row.text, sender=row.sender, quoted=row.quoted,
        mail_digest=row.mail_digest,
    )  # fmt: skip
    row.attachments.update(entry=entry, held=None)
    _done(row)
    audit.record_change("conversation.mail_let_in", row.conversation, actor=actor)
    return entry


@transaction.atomic
def drop(*, mail: HeldMail, actor: Actor) -> None:
    """Lay a held mail aside; its words go, that there was one stays."""
    row = _lock(mail)
    _done(row)
    audit.record_change("conversation.mail_dropped", row.conversation, actor=actor)


@transaction.atomic
def forget_old() -> int:
    """Delete mails that nobody wanted for ninety days, and what is left of those dealt with."""
    old = HeldMail.objects.filter(at__lt=timezone.now() - KEPT)
    waited = Conversation.objects.filter(pk__in=old.filter(done_at=None).values("conversation"))
    touched = list(waited)
    count = int(old.delete()[1].get(HeldMail._meta.label, 0))
    for conversation in touched:
        index_again(conversation)
    return count


def _locked(mail: HeldMail) -> tuple[HeldMail, Submission]:
    row = _lock(mail)
    submission = submission_of(row.conversation)
    if submission is None:
        raise ValidationError(_("Diese Anfrage gibt es nicht mehr."))
    return row, submission


def _lock(mail: HeldMail) -> HeldMail:
    row: HeldMail | None = (
        HeldMail.objects.select_for_update(of=("self",))
        .select_related("conversation")
        .filter(pk=mail.pk, done_at__isnull=True)
        .first()
    )
    if row is None:
        raise ValidationError(_("Um diese E-Mail hat sich schon jemand gekümmert."))
    return row


def _done(row: HeldMail) -> None:
    row.done_at, row.sender, row.text, row.quoted = timezone.now(), "", "", ""
    row.save(update_fields=["done_at", "sender", "text", "quoted"])
    row.attachments.all().delete()
    index_again(row.conversation)
