"""Writing about a request or idea to an authority that can do something about it, and its answer.

Its answer is for the team: it goes to no resident by itself.
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from directory.conversations import files, mails, said_again
from directory.conversations.addresses import reply_address
from directory.conversations.models import Conversation, ConversationEntry, EntryKind, Via
from directory.conversations.services import NOTE_MIN, entry_of_mail, held, in_charge_of
from directory.conversations.sorts import known_sort
from directory.conversations.writing import write
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.inbound.attachments import Attached
from wiq.submissions import services as submissions
from wiq.submissions.models import SUSPICIOUS, Submission
from wiq.submissions.rules import check_email, check_message


@transaction.atomic
def write_to(*, submission: Submission, to: str, text: str, actor: Actor) -> ConversationEntry:
    """Mail a text of the team to an authority, and keep both as a note in the conversation.

    The mail holds what was typed here and nothing of the resident's name and address. The same
    words from the same person within minutes are one mail. Raises ValidationError for an address
    that is none, an empty text, and where nothing may go on.
    """
    row = submissions.locked(submission)
    address, said = check_email(to), check_message(text)
    if not address:
        raise ValidationError(_("Bitte geben Sie die E-Mail-Adresse der Behörde an."))
    if row.anonymised_at is not None or row.state == SUSPICIOUS:
        raise ValidationError(_("Das geht hier nicht."))
    conversation = held(row)
    noted = _("An %(address)s geschrieben:") % {"address": address} + f"\n\n{said}"
    again = said_again.just_noted(submission=row, text=noted, actor=actor)
    if again is not None:
        return again
    reply_to = reply_address(conversation) or _mailbox(row, actor)
    message = mails.write_to_authority(row, to=address, text=said, reply_to=reply_to)
    entry = write(
        conversation, row, EntryKind.NOTE, via=Via.MAIL, made_by=name_of(actor), text=noted,
        mail_uuid=message.uuid, written_to=address,
    )  # fmt: skip
    audit.record_change("conversation.sent_on", conversation, actor=actor)
    return entry


def _mailbox(row: Submission, actor: Actor) -> str:
    """Return the team's one mailbox; where everybody has their own, that of the writer."""
    addresses = known_sort(row).addressees(row)
    return addresses[0] if len(addresses) == 1 else getattr(actor, "email", "")


def written_to(conversation: Conversation) -> set[str]:
    """Return the addresses of authorities that were written to, in small letters.

    Of one that was an idea or a request before, also those that were written to then.
    """
    rows = letters_to(conversation)
    return {address.lower() for address in rows.values_list("written_to", flat=True)}


def letters_to(conversation: Any) -> QuerySet[ConversationEntry]:
    """Return what was written to authorities about a conversation, or about an outer query's."""
    here = Q(conversation=conversation) | Q(conversation__goes_on_in=conversation)
    here |= Q(conversation__goes_on_in__goes_on_in=conversation)
    return ConversationEntry.objects.filter(here).exclude(written_to="")


def last_asked(conversation: Conversation) -> str:
    """Return the address of the authority that was written to last; "" where none was."""
    asked = conversation.entries.exclude(written_to="").order_by("-at", "-pk")
    return asked.values_list("written_to", flat=True).first() or ""


@transaction.atomic
def answered(
    *, submission: Submission, text: str, sender: str, quoted: str = "", mail_digest: str = "",
    attached: Collection[Attached] = (),
) -> ConversationEntry:  # fmt: skip
    """Keep what an authority answered, for the team alone: it is the team's turn, and it is told.

    The same mail once more is the entry that there is. Raises ValidationError for what is
    forgotten or suspicious.
    """
    row = submissions.locked(submission)
    if row.anonymised_at is not None or row.state == SUSPICIOUS:
        raise ValidationError(_("Das geht hier nicht."))
    known = entry_of_mail(submission=row, mail_digest=mail_digest)
    if known is not None:
        return known
    conversation = held(row)
    entry = write(
        conversation, row, EntryKind.NOTE, via=Via.AUTHORITY, made_by=sender.lower(),
        text=check_message(text, shortest=NOTE_MIN), quoted=quoted, mail_digest=mail_digest,
    )  # fmt: skip
    files.keep(attached, entry=entry)
    account = in_charge_of(conversation)
    sort = known_sort(row)
    for address in [account.email] if account is not None else sort.addressees(row):
        mails.write_authority_answer(row, to=address, sender=sender, text=entry.text)
    if sort.take_up is not None:
        sort.take_up(row)
    audit.record_change("conversation.authority_answered", conversation, actor=audit.SYSTEM)
    return entry
