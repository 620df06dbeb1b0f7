"""Writing in conversations: answers, notes, calls, who is in charge, drafts, joining two.

What an answer does to the state of a request or idea, its own room says (``sorts``).
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.conversations import absences, files, last_word, mails
from directory.conversations.models import (
    Conversation,
    ConversationEntry,
    Draft,
    EntryKind,
    Turn,
    Via,
)
from directory.conversations.sorts import known_sort
from directory.conversations.writing import conversation_of, index, write
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time
from wiq.inbound.attachments import Attached
from wiq.mail.models import Message
from wiq.mail_addresses import is_at
from wiq.submissions.models import SUSPICIOUS, Submission
from wiq.submissions.rules import check_message

NOTE_MIN = 2


def held(submission: Submission) -> Conversation:
    """Return the conversation of a locked submission, locked as well."""
    found = conversation_of(submission)
    return Conversation.objects.select_for_update(of=("self",)).get(pk=found.pk)


@transaction.atomic
def answered(
    *, submission: Submission, text: str, actor: Actor, via: Via = Via.DESK, quoted: str = "",
    mail_digest: str = "", attached: Collection[Attached] = (),
) -> ConversationEntry:  # fmt: skip
    """Add an answer of the team and drop its writer's draft.

    Rooms call it with the locked row, before the mail and the move. Raises ValidationError where
    nobody can be answered.
    """
    check_answerable(submission)
    conversation = held(submission)
    entry = write(
        conversation, submission, EntryKind.ANSWER, text=_text(text), made_by=name_of(actor),
        via=via, quoted=quoted, mail_digest=mail_digest,
    )  # fmt: skip
    files.keep(attached, entry=entry)
    drop_draft(conversation=conversation, actor=actor)
    audit.record_change("conversation.answered", conversation, actor=actor)
    return entry


def check_answerable(submission: Submission) -> None:
    """Raise ValidationError if no mail can go to whoever sent this."""
    if submission.anonymised_at is not None:
        raise ValidationError(
            _("Die Angaben der Person sind gelöscht. Niemand kann mehr antworten.")
        )
    if submission.state == SUSPICIOUS:
        raise ValidationError(
            _("Das liegt bei „verdächtig“. Bitte nehmen Sie es erst dort heraus.")
        )
    if not submission.email:
        raise ValidationError(
            _("Hier fehlt die E-Mail-Adresse. Bitte rufen Sie an und notieren Sie das Gespräch.")
        )


@transaction.atomic
def mailed(*, submission: Submission, message: Message | None) -> None:
    """Note which mail carried the newest entry, so that its fate is shown beside it."""
    if message is None:
        return
    last = conversation_of(submission).entries.order_by("-at", "-pk").first()
    if last is not None:
        last.mail_uuid = message.uuid
        last.save(update_fields=["mail_uuid"])


@transaction.atomic
def replied(
    *, submission: Submission, text: str, made_by: str, via: Via, quoted: str = "",
    mail_digest: str = "",
) -> ConversationEntry:  # fmt: skip
    """Add what the resident wrote; the same mail once more is the entry that there is.

    Rooms call it with the locked row. Raises ValidationError for forgotten ones.
    """
    conversation = _talked_about(submission)
    known = entry_of_mail(submission=submission, mail_digest=mail_digest)
    return known or write(
        conversation, submission, EntryKind.MESSAGE, text=_text(text), made_by=made_by, via=via,
        quoted=quoted, mail_digest=mail_digest,
    )  # fmt: skip


def entry_of_mail(*, submission: Submission, mail_digest: str) -> ConversationEntry | None:
    """Return the entry that a mail became before, if it did."""
    rows = conversation_of(submission).entries
    found: ConversationEntry | None = rows.filter(mail_digest=mail_digest).first()
    return found if mail_digest else None


@transaction.atomic
def note(*, submission: Submission, text: str, actor: Actor) -> ConversationEntry:
    """Add a note that only the team reads. Raises ValidationError for an empty one."""
    conversation = _talked_about(submission)
    entry = write(
        conversation, submission, EntryKind.NOTE, text=_text(text), made_by=name_of(actor)
    )
    audit.record_change("conversation.noted", conversation, actor=actor)
    return entry


@transaction.atomic
def call(*, submission: Submission, text: str, actor: Actor) -> ConversationEntry:
    """Add what was said on the telephone; only the team reads it. Raises ValidationError."""
    conversation = _talked_about(submission)
    entry = write(
        conversation, submission, EntryKind.CALL, text=_text(text), made_by=name_of(actor),
        via=Via.PHONE,
    )  # fmt: skip
    audit.record_change("conversation.called", conversation, actor=actor)
    return entry


def _talked_about(submission: Submission) -> Conversation:
    """Return the locked conversation. Raises ValidationError where it is forgotten."""
    if submission.anonymised_at is not None:
        raise ValidationError(_("Die Angaben der Person sind gelöscht."))
    return held(submission)


def _text(text: str) -> str:
    """Return a text with at least two signs. Raises ValidationError."""
    return check_message(text, shortest=NOTE_MIN)


@transaction.atomic
def assign(
    *, submission: Submission, to: models.Model | None, actor: Actor, text: str = ""
) -> Conversation:
    """Say who is in charge, or that nobody is; ``text`` is a note that goes with it.

    Whoever gets it from somebody else is mailed. Raises ValidationError for an account that is
    away or locked, or that ends with a visit.
    """
    conversation = held(submission)
    account: Any = to
    if account is not None and conversation.assignee != account.pk:
        if not is_colleague(account):
            raise ValidationError(_("Dieses Konto kann hier nichts übernehmen."))
        absences.check_here(account, actor=actor)
    if text.strip():
        note(submission=submission, text=text, actor=actor)
        conversation.refresh_from_db()
    number = account.pk if account is not None else None
    if conversation.assignee != number:
        conversation.assignee = number
        conversation.save(update_fields=["assignee"])
        audit.record_change("conversation.assigned", conversation, actor=actor)
        if account is not None and isinstance(actor, models.Model) and actor.pk != number:
            mails.write_handed(submission, account, who=str(actor), note=text)
    return conversation


def is_colleague(account: Any) -> bool:
    """Tell whether an account can be in charge: active, of the district, allowed to answer."""
    lasts = account.is_active and account.expires_at is None
    return bool(lasts and account.has_perm("conversations.change_conversation"))


def colleague(email: str) -> Any | None:
    """Return the account with this address if it can be in charge, else None."""
    accounts: Any = get_user_model().objects
    found = accounts.filter(is_at("email", email)).first() if email else None
    return found if found is not None and is_colleague(found) else None


def in_charge_of(conversation: Conversation) -> Any | None:
    """Return the account that is in charge, if it still can be and is here; else None."""
    accounts: Any = get_user_model().objects
    found = accounts.filter(pk=conversation.assignee).first() if conversation.assignee else None
    if found is None or not is_colleague(found) or absences.until(found):
        return None
    return found


def colleagues() -> list[Any]:
    """Return the accounts that can be in charge, by name.

    ``away_until`` is the day on which one that is away is back, else None.
    """
    accounts: Any = get_user_model().objects
    found = accounts.filter(is_active=True, expires_at__isnull=True).order_by("name", "email")
    found = found.annotate(away_until=absences.until_of(models.OuterRef("pk")))
    return [account for account in found if is_colleague(account)]


@transaction.atomic
def release_of_gone_accounts() -> int:
    """Let go what locked or deleted accounts were in charge of; return how much that was.

    Their drafts go, too, and those of visitors.
    """
    numbers = [account.pk for account in colleagues()]
    Draft.objects.exclude(account__in=numbers).delete()
    left = Conversation.objects.filter(assignee__isnull=False).exclude(assignee__in=numbers)
    return int(left.update(assignee=None))


@transaction.atomic
def keep_draft(*, conversation: Conversation, text: str, actor: Any) -> Draft | None:
    """Keep what somebody is typing; an empty text drops it. Raises ValidationError if too long."""
    if not text.strip():
        drop_draft(conversation=conversation, actor=actor)
        return None
    draft = Draft(conversation=conversation, account=actor.pk, text=text)
    draft.full_clean(validate_constraints=False, validate_unique=False)
    kept, _is_new = Draft.objects.update_or_create(
        conversation=conversation, account=actor.pk,
        defaults={"text": text, "at": timezone.now()},
    )  # fmt: skip
    return kept


def drop_draft(*, conversation: Conversation, actor: Any) -> None:
    """Drop somebody's draft."""
    if isinstance(actor, models.Model):
        Draft.objects.filter(conversation=conversation, account=int(actor.pk)).delete()


@transaction.atomic
def join(*, kept: Submission, joined: Submission, actor: Actor) -> Conversation:
    """Join a second submission of the same person to a first: its words stand there from now on.

    The second is closed by its room. Raises ValidationError if they are not of the same sort, or
    not from the same address or number: what one person wrote must not stand before another.
    """
    one_at_a_time("conversations.join")
    first, second = held(kept), held(joined)
    if first.pk == second.pk or first.about_type != second.about_type:
        raise ValidationError(_("Diese beiden lassen sich nicht verbinden."))
    if first.joined_to_id or second.joined_to_id:
        raise ValidationError(_("Eine der beiden ist schon mit einer anderen verbunden."))
    if not _same_person(kept, joined):
        raise ValidationError(
            _("Diese beiden kommen nicht von derselben Adresse. Sie lassen sich nicht verbinden.")
        )
    second.entries.update(conversation=first)
    last_word.note(first)
    second.joined.update(joined_to=first)
    # The letter of the second leads to that of the first, so what waits has to wait there.
    known = first.held.values("mail_digest")
    second.held.exclude(mail_digest__in=known).update(conversation=first)
    second.joined_to, second.turn = first, Turn.DONE
    second.save(update_fields=["joined_to", "turn"])
    if second.seen_from or kept.email.casefold() != joined.email.casefold():
        # The same telephone number, which nobody proves: what was written so far stays unseen.
        first.seen_from = timezone.now()
        first.save(update_fields=["seen_from"])
    sort = known_sort(kept)
    if sort.turns[joined.state] == Turn.OURS and first.turn != Turn.OURS:
        first.turn, first.since = Turn.OURS, timezone.now()
        first.save(update_fields=["turn", "since"])
    index(first, kept)
    audit.record_change("conversation.joined", second, actor=actor)
    return first


@transaction.atomic
def go_on_in(*, submission: Submission, other: Submission) -> None:
    """Let the mails of one be answered in another, which was made of it."""
    conversation = held(submission)
    conversation.goes_on_in = conversation_of(other)
    conversation.save(update_fields=["goes_on_in"])


def _same_person(one: Submission, other: Submission) -> bool:
    addresses = {one.email.casefold(), other.email.casefold()}
    digits = {"".join(c for c in phone if c.isdigit()) for phone in (one.phone, other.phone)}
    return any(len(each) == 1 and "" not in each for each in (addresses, digits))
