"""The resident's side of a conversation: proving the address, reading, adding words.

The link of a status page tells states and dates to whoever has it. What was written is shown to
whoever reads the mailbox: six digits are mailed there, and typed in on the page (decision 79).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory.conversations import services
from directory.conversations.models import (
    SAID_TO_THEM,
    Conversation,
    ConversationEntry,
    EntryKind,
    Via,
)
from directory.conversations.proofs import ResidentCode
from directory.conversations.sorts import known_sort, sort_of
from directory.conversations.writing import conversation_of, goes_on, submission_of
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail.services import is_withheld
from wiq.mail.writing import write_letter
from wiq.outbox.budget import Budget
from wiq.signing.codes import digest, new_code
from wiq.signing.mailed_codes import check_may_ask, is_typed_right, waiting_among, wrong
from wiq.submissions.models import Submission

PURPOSE = "wiq.conversations.resident"
RESIDENT = "resident"


def own_conversation(submission: Submission) -> Conversation | None:
    """Return the conversation whose words this submission's sender may read once proven.

    Of a joined one, the one it belongs to, if both came from the same address; else None: the
    same telephone number, which nobody proves, opens nothing.
    """
    own = conversation_of(submission)
    if own.joined_to is None:
        return own
    other = submission_of(own.joined_to)
    is_same = other is not None and address_mark(other) == address_mark(submission)
    return own.joined_to if is_same else None


def address_mark(submission: Submission) -> str:
    """Return what stands for a submission's address in a proof: a corrected one needs a new one."""
    address = submission.email.casefold()
    return salted_hmac(PURPOSE, address, algorithm="sha256").hexdigest()[:32]


def code_waits(submission: Submission) -> bool:
    """Tell whether a code that was mailed can still be typed in."""
    own = conversation_of(submission)
    return waiting_among(ResidentCode.objects.filter(conversation=own)) is not None


@transaction.atomic
def ask_code(submission: Submission) -> ResidentCode:
    """Mail a new code to the submission's address; older ones no longer hold.

    Raises ValidationError where there is no address, if the last code is not a minute old, if
    there were five today, or if the mailbox gets enough mails.
    """
    if not submission.email or submission.anonymised_at is not None:
        raise ValidationError(_("Hierzu kennen wir keine E-Mail-Adresse. Bitte rufen Sie an."))
    conversation = services.held(submission)
    enough = _("Heute schicken wir keinen Code mehr. Bitte versuchen Sie es morgen noch einmal.")
    check_may_ask(ResidentCode.objects.filter(conversation=conversation), enough=enough)
    code = new_code()
    row = ResidentCode.objects.create(conversation=conversation, code_hash=digest(PURPOSE, code))
    if not _mail_code(submission, row, code):
        raise ValidationError(
            _("An diese Adresse gingen gerade zu viele E-Mails. Bitte versuchen Sie es in einer Stunde noch einmal.")
        )  # fmt: skip
    audit.record_event("conversation.code_sent", conversation, actor=RESIDENT)
    return row


def _mail_code(submission: Submission, row: ResidentCode, code: str) -> bool:
    """Mail a code, with nothing that anybody wrote; tell whether it goes out."""
    with translation.override(submission.language):
        message = write_letter(
            kind="conversations.code",
            to=submission.email,
            subject=_("Ihr Code zur Nummer %s") % submission.reference,
            about=submission,
            budget=Budget.CODE,
            paragraphs=[
                _("Sie möchten lesen, was zu Ihrer Anfrage oder Idee geschrieben wurde. Bitte tragen Sie auf der Seite diese sechs Ziffern ein. Sie gelten 30 Minuten."),
            ],
            quote=code,
            small=[_("Sie waren das nicht? Dann müssen Sie nichts tun. Bitte geben Sie die Ziffern nicht weiter.")],
        )  # fmt: skip
    return not is_withheld(message)


def prove(submission: Submission, typed: str) -> None:
    """Take the mailed code, once. Raises ValidationError if it is wrong, old or tried too often."""
    with transaction.atomic():
        conversation = services.held(submission)
        code = waiting_among(ResidentCode.objects.filter(conversation=conversation))
        if is_typed_right(code, PURPOSE, typed):
            audit.record_event("conversation.address_proven", conversation, actor=RESIDENT)
            return
    raise wrong()


@dataclass(frozen=True)
class Seen:
    """One entry as its resident reads it: who of the team wrote it stays inside."""

    kind: str
    text: str
    at: datetime
    state_label: str
    # The address of somebody else whose mail was let in; the words are not the reader's.
    sender: str = ""


def seen_entries(conversation: Conversation) -> list[Seen]:
    """Return what its resident reads: messages, answers and new states, oldest first.

    After a correction of the address only what came since, until a coordinator confirms it.
    """
    said = conversation.entries.filter(kind__in=SAID_TO_THEM)
    worth = Q(text__gt="") | Q(kind=EntryKind.MOVE)
    if conversation.seen_from is not None:
        said = said.filter(at__gte=conversation.seen_from)
    sort = known_sort(conversation)
    return [
        Seen(entry.kind, entry.text, entry.at, sort.state_label(entry.state), sender_of(entry))
        for entry in said.filter(worth).order_by("at", "pk")
    ]


def sender_of(entry: ConversationEntry) -> str:
    """Return the address of somebody else who wrote what stands among the resident's words."""
    is_by_mail = entry.kind == EntryKind.MESSAGE and entry.via == Via.MAIL
    return entry.made_by if is_by_mail and "@" in entry.made_by else ""


def own_successor(submission: Submission) -> Submission | None:
    """Return the idea that a request became, or the other way round, for its sender to go on with.

    None where there is none, and where it has another address by now.
    """
    own = conversation_of(submission)
    found = submission_of(goes_on(own)) if own.goes_on_in_id and own.joined_to_id is None else None
    is_same = found is not None and address_mark(found) == address_mark(submission)
    return found if is_same else None


def way_on(submission: Submission) -> str:
    """Return where it goes on, for whoever has the link alone: no number, no words.

    ``joined`` with another of the same sender, else as an ``idea`` or a ``request``; "" where it
    goes on here.
    """
    own = conversation_of(submission)
    if own.joined_to_id is not None:
        return "joined"
    return known_sort(own.goes_on_in).name if own.goes_on_in is not None else ""


@transaction.atomic
def add(submission: Submission, text: str) -> ConversationEntry:
    """Take what the resident adds on the page: it is the team's turn again, and the team is told.

    Of a joined one it stands where the team reads, also where its resident does not: the letter
    of the joined one is closed. Raises ValidationError.
    """
    target = submission_of(goes_on(conversation_of(submission))) or submission
    return known_sort(target).reply(target, text=text, via=Via.PAGE)


def settle(submission: Submission) -> None:
    """Close it for its resident ("hat sich erledigt"); pressed twice it does no harm."""
    sort = known_sort(submission)
    if sort.settle is None:
        raise ValidationError(_("Das geht hier nicht."))
    sort.settle(submission)


def unsettle(submission: Submission) -> None:
    """Open again what its resident has closed. Raises ValidationError where the team closed it."""
    sort = known_sort(submission)
    if sort.unsettle is None or not is_settled_by_resident(submission):
        raise ValidationError(_("Das geht hier nicht."))
    sort.unsettle(submission)


def is_settled_by_resident(submission: Submission) -> bool:
    """Tell whether the resident has closed it, and nobody has moved it since."""
    if submission.anonymised_at is not None or submission.state != known_sort(submission).settled:
        return False
    moves = submission.steps.filter(kind="move").order_by("-at", "-pk")
    return bool(moves.values_list("made_by", flat=True).first() == RESIDENT)


@transaction.atomic
def address_corrected(submission: Any, *, at: datetime | None = None) -> None:
    """Note that an address was corrected: whoever reads there sees only what follows.

    Codes that were mailed to the former address no longer hold.
    """
    if sort_of(submission) is None:
        return
    conversation = services.held(submission)
    conversation.seen_from = at or timezone.now()
    conversation.save(update_fields=["seen_from"])
    conversation.resident_codes.all().delete()


@transaction.atomic
def confirm_address(*, submission: Submission, actor: Actor) -> Conversation:
    """Say that a corrected address is the same person's: it sees everything from now on."""
    conversation = services.held(submission)
    if conversation.seen_from is not None:
        conversation.seen_from = None
        conversation.save(update_fields=["seen_from"])
        audit.record_change("conversation.address_confirmed", conversation, actor=actor)
    return conversation
