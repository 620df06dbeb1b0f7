"""Writing about a request or idea to an authority that can do something about it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.conversations import mails
from directory.conversations.models import ConversationEntry, EntryKind, Via
from directory.conversations.services import held
from directory.conversations.sorts import known_sort
from directory.conversations.writing import write
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.submissions import services as submissions
from wiq.submissions.models import SUSPICIOUS, Submission
from wiq.submissions.rules import check_email, check_message


@transaction.atomic
def write_to(*, submission: Submission, to: str, text: str, actor: Actor) -> ConversationEntry:
    """Mail a text of the team to an authority, and keep both as a note in the conversation.

    The mail holds what was typed here and nothing of the resident's name and address. Raises
    ValidationError for an address that is none, an empty text, and where nothing may go on.
    """
    row = submissions.locked(submission)
    address, said = check_email(to), check_message(text)
    if not address:
        raise ValidationError(_("Bitte geben Sie die E-Mail-Adresse der Stelle an."))
    if row.anonymised_at is not None or row.state == SUSPICIOUS:
        raise ValidationError(_("Das geht hier nicht."))
    conversation = held(row)
    message = mails.write_to_authority(row, to=address, text=said, reply_to=_reply_to(row, actor))
    entry = write(
        conversation, row, EntryKind.NOTE, via=Via.MAIL, made_by=name_of(actor),
        text=_("An %(address)s geschrieben:") % {"address": address} + f"\n\n{said}",
        mail_uuid=message.uuid,
    )  # fmt: skip
    audit.record_change("conversation.sent_on", conversation, actor=actor)
    return entry


def _reply_to(row: Submission, actor: Actor) -> str:
    """Return the team's one mailbox; where everybody has their own, that of the writer."""
    addresses = known_sort(row).addressees(row)
    return addresses[0] if len(addresses) == 1 else getattr(actor, "email", "")
