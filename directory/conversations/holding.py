"""The holding pen: mails to a reply address that joined nothing until somebody looks at them.

Incoming mail (the dispatcher) finds its conversation by ``by_token`` and either lets a room take
the words (``sorts``: ``answer`` for the team, ``reply`` for the resident) or holds them here.
"""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.conversations.models import (
    Conversation,
    ConversationEntry,
    HeldMail,
    HeldReason,
    Via,
)
from directory.conversations.sorts import known_sort
from directory.conversations.writing import submission_of
from wiq.actors import Actor
from wiq.audit import services as audit

# The part of a reply address before the +.
PREFIX = "anfrage"


def by_token(token: str) -> Conversation | None:
    """Return the conversation of a reply address; of a joined one, the one that it belongs to."""
    found = (
        Conversation.objects.select_related("joined_to").filter(reply_token=token.lower()).first()
    )
    return found.joined_to or found if found is not None else None


def reply_address(conversation: Conversation, domain: str) -> str:
    """Return the address to which the team and the resident reply about one conversation."""
    return f"{PREFIX}+{conversation.reply_token}@{domain}"


def digest_of(message_id: str) -> str:
    """Return what is kept of a mail's Message-ID, to know the same mail again."""
    return hashlib.sha256(message_id.strip().encode()).hexdigest()


@transaction.atomic
def hold(
    *, conversation: Conversation, sender: str, text: str, reason: HeldReason, mail_digest: str,
    quoted: str = "",
) -> HeldMail:  # fmt: skip
    """Hold a mail back; the same mail once more is the row that there is."""
    kept, is_new = HeldMail.objects.get_or_create(
        conversation=conversation, mail_digest=mail_digest,
        defaults={"sender": sender, "text": text, "quoted": quoted, "reason": reason},
    )  # fmt: skip
    if is_new:
        audit.record_event(
            "conversation.mail_held", conversation, actor=audit.SYSTEM,
            details={"reason": str(reason)},
        )  # fmt: skip
    return kept


@transaction.atomic
def let_in(*, mail: HeldMail, actor: Actor) -> ConversationEntry:
    """Take a held mail as the resident's reply. Raises ValidationError if it is dealt with."""
    row = _locked(mail)
    submission = submission_of(row.conversation)
    if submission is None:
        raise ValidationError(_("Diese Anfrage gibt es nicht mehr."))
    entry = known_sort(submission).reply(
        submission, text=row.text, via=Via.MAIL, quoted=row.quoted, mail_digest=row.mail_digest
    )
    _done(row)
    audit.record_change("conversation.mail_let_in", row.conversation, actor=actor)
    return entry


@transaction.atomic
def drop(*, mail: HeldMail, actor: Actor) -> None:
    """Lay a held mail aside; its words go, that there was one stays."""
    row = _locked(mail)
    _done(row)
    audit.record_change("conversation.mail_dropped", row.conversation, actor=actor)


def _locked(mail: HeldMail) -> HeldMail:
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
