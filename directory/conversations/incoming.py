"""What a mail to a reply address becomes: the resident's words, the team's answer, or neither.

Whoever sent it must fit, and must really have sent it. Everything else waits in the holding pen,
so that nothing is lost and nothing joins by itself.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.conversations import addresses, authorities, holding
from directory.conversations.files import keep
from directory.conversations.mails import TO_AUTHORITY
from directory.conversations.models import (
    BY_MAIL,
    Conversation,
    ConversationEntry,
    HeldReason,
    Via,
)
from directory.conversations.services import colleague, held
from directory.conversations.sorts import known_sort
from directory.conversations.writing import submission_of
from wiq.actors import Actor
from wiq.inbound.attachments import Attached, attached_to
from wiq.inbound.mailboxes import Incoming, Outcome
from wiq.inbound.origin import Origin, origin_of
from wiq.inbound.reading import header, in_letters
from wiq.inbound.words import Words, words_of
from wiq.mail.models import Message
from wiq.mail_addresses import for_sending
from wiq.submissions.models import Submission
from wiq.submissions.rules import MESSAGE_MAX
from wiq.typed import line, without_control_characters

# More mails within an hour come from machines that answer each other, or from an attack.
MOST_AN_HOUR = 30
# More wait for nobody: whoever floods the pen does not fill the disk.
MOST_HELD = 50
_UUID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
log = structlog.get_logger(__name__)


class Side(Enum):
    """Who writes."""

    TEAM = "team"
    RESIDENT = "resident"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Letter:
    """A mail as it is read here."""

    origin: Origin
    words: Words
    attached: list[Attached]
    digest: str
    # The mails of ours that it answers.
    answers: tuple[UUID, ...]


def read(mail: Incoming) -> Letter:
    """Read a mail: who sent it, what it says, what is attached."""
    named = " ".join(header(mail.raw, name) for name in ("In-Reply-To", "References"))
    attached = attached_to(mail.raw)
    words = words_of(mail.raw)
    if not words.text and (attached or not words.quoted):
        subject = line(in_letters(header(mail.raw, "Subject")))[:200].strip()
        subject = without_control_characters(subject)
        words = Words(subject or _("(E-Mail ohne Text)"), words.quoted)
    return Letter(
        origin_of(mail), words, attached, mail.digest,
        tuple(UUID(found) for found in _UUID.findall(named)),
    )  # fmt: skip


def take(mail: Incoming, token: str) -> Outcome:
    """Take a mail to the conversation of a token, in its district's schema.

    The same mail again changes nothing.
    """
    conversation = addresses.by_token(token)
    submission = submission_of(conversation) if conversation is not None else None
    if conversation is None or submission is None or _is_ours(mail):
        return Outcome.IGNORED
    # Signatures are checked before the row is locked: the DNS may take seconds.
    letter = read(mail)
    with transaction.atomic():
        locked = held(submission)
        if locked.entries.filter(mail_digest=letter.digest).exists():
            return Outcome.JOINED
        reason = _why_not(locked, submission, letter)
        if reason is None:
            try:
                with transaction.atomic():
                    _join(locked, submission, letter)
                return Outcome.JOINED
            except ValidationError:
                reason = HeldReason.CLOSED
        return _hold(locked, letter, reason)


def _is_ours(mail: Incoming) -> bool:
    """Tell whether a mail is one of ours: it ends, or two addresses would talk for ever."""
    found = _UUID.match(header(mail.raw, "Message-ID"))
    return bool(found and Message.objects.filter(uuid=found[1]).exists())


def _why_not(
    conversation: Conversation, submission: Submission, letter: Letter
) -> HeldReason | None:
    """Return why a mail must wait for somebody to look at it."""
    if submission.anonymised_at is not None:
        return HeldReason.FORGOTTEN
    if side_of(conversation, submission, letter) is None:
        return HeldReason.STRANGER
    if not letter.origin.is_proven:
        return HeldReason.UNPROVEN
    since = timezone.now() - timedelta(hours=1)
    lately = conversation.entries.filter(via__in=BY_MAIL, at__gte=since).count()
    return HeldReason.MANY if lately >= MOST_AN_HOUR else None


def _join(conversation: Conversation, submission: Submission, letter: Letter) -> ConversationEntry:
    """Let the room take the words. Raises ValidationError."""
    sort = known_sort(submission)
    side = side_of(conversation, submission, letter)
    if side is Side.AUTHORITY:
        return authorities.answered(
            submission=submission, text=shortened(letter.words).text,
            quoted=shortened(letter.words).quoted, sender=letter.origin.address,
            mail_digest=letter.digest, attached=letter.attached,
        )  # fmt: skip
    if side is Side.TEAM:
        entry = sort.answer(
            submission, text=letter.words.text, actor=_writer(letter), via=Via.MAIL,
            quoted=letter.words.quoted, mail_digest=letter.digest, attached=letter.attached,
        )  # fmt: skip
    else:
        words = shortened(letter.words)
        entry = sort.reply(
            submission, text=words.text, via=Via.MAIL, quoted=words.quoted,
            mail_digest=letter.digest,
        )  # fmt: skip
        keep(letter.attached, entry=entry)
    return entry


def shortened(words: Words) -> Words:
    """Return words as an entry takes them; the whole of longer ones stands where quotations do."""
    if len(words.text) <= MESSAGE_MAX:
        return words
    return Words(f"{words.text[: MESSAGE_MAX - 2]} …", f"{words.text}\n\n{words.quoted}"[:20_000])


def side_of(conversation: Conversation, submission: Submission, letter: Letter) -> Side | None:
    """Return for whom the address of a mail speaks; None for a stranger.

    Somebody who tries it out may be several, and then it counts which of our mails they answer.
    """
    address = letter.origin.address
    if not address:
        return None
    sides = [
        side
        for side, fits in (
            (Side.TEAM, is_of_team(submission, address)),
            (Side.RESIDENT, _is_resident(submission, letter)),
            (Side.AUTHORITY, _is_authority(conversation, address)),
        )
        if fits
    ]
    if len(sides) < 2:
        return sides[0] if sides else None
    answered = Message.objects.about(submission).filter(uuid__in=letter.answers[-5:])
    kinds = set(answered.values_list("kind", flat=True))
    if Side.AUTHORITY in sides and TO_AUTHORITY in kinds:
        return Side.AUTHORITY
    if Side.RESIDENT in sides and kinds & {*known_sort(submission).to_resident}:
        return Side.RESIDENT
    return sides[0]


def is_of_team(submission: Submission, address: str) -> bool:
    """Tell whether an address answers for the team: that of its mailbox, or of a colleague."""
    known = known_sort(submission).addressees(submission)
    return any(is_same(address, one) for one in known) or colleague(address) is not None


def _is_authority(conversation: Conversation, address: str) -> bool:
    return any(is_same(address, known) for known in authorities.written_to(conversation))


def _is_resident(submission: Submission, letter: Letter) -> bool:
    return bool(submission.email) and is_same(letter.origin.address, submission.email)


def is_same(one: str, other: str) -> bool:
    """Tell whether two addresses are one mailbox (``wiq.mail_addresses``)."""
    try:
        return for_sending(one).lower() == for_sending(other).lower()
    except UnicodeError:
        return one.lower() == other.lower()


def _writer(letter: Letter) -> Actor:
    """Return who answers: the account of that address, else the address itself."""
    return colleague(letter.origin.address) or letter.origin.address.lower()


def _hold(conversation: Conversation, letter: Letter, reason: HeldReason) -> Outcome:
    is_known = conversation.held.filter(mail_digest=letter.digest).exists()
    if not is_known and conversation.held.filter(done_at=None).count() >= MOST_HELD:
        log.warning("conversations.pen_full", reference=conversation.reference)
        return Outcome.IGNORED
    holding.hold(
        conversation=conversation, sender=letter.origin.address[:254], text=letter.words.text,
        quoted=letter.words.quoted, reason=reason, mail_digest=letter.digest,
        attached=letter.attached,
    )  # fmt: skip
    return Outcome.HELD
