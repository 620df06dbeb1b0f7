"""The mails of conversations: to the resident, to colleagues, to authorities."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.conversations import addresses, writing
from directory.conversations.models import Conversation, ConversationEntry
from wiq.mail.models import Message
from wiq.mail.writing import write, write_letter
from wiq.submissions.models import Submission
from wiq.tenancy import connection
from wiq.web.hosts import on_district

# More stands in the inbox, which the mail leads to.
LISTED = 20
# People wrote it (wiq.mail.services.BY_PEOPLE).
TO_AUTHORITY = "conversations.authority.answer"


def write_answer(
    submission: Submission, entry: ConversationEntry, *, reply_to: str, status_url: str
) -> Message:
    """Mail an answer in the resident's language, with nothing of what the resident typed.

    The typed address may be another person's, who must not get a stranger's words.
    """
    with translation.override(submission.language):
        return write(
            "conversations/mail/answer",
            kind="conversations.answer",
            to=submission.email,
            reply_to=reply_to,
            subject=_("Antwort auf Ihre Anfrage %s") % submission.reference,
            about=submission,
            text=entry.text,
            reference=submission.reference,
            status_url=status_url,
            can_reply=bool(reply_to),
        )


def write_to_resident(
    submission: Submission, *, kind: str, subject: str, paragraphs: Sequence[str], button: str,
    url: str,
) -> Message:  # fmt: skip
    """Mail a few paragraphs and one link to a resident; the caller has chosen the language.

    Whoever answers it in a mail program answers where it came from, as everywhere.
    """
    return write(
        "conversations/mail/to_resident", kind=kind, to=submission.email, subject=subject,
        reply_to=addresses.reply_address(writing.conversation_of(submission)),
        about=submission, paragraphs=paragraphs, button=button, url=url,
    )  # fmt: skip


def write_delay(submission: Submission, *, status_url: str) -> Message:
    """Tell a resident that it takes longer than promised."""
    with translation.override(submission.language):
        return write_to_resident(
            submission,
            kind="conversations.delay",
            subject=_("Es dauert noch etwas: %s") % submission.reference,
            paragraphs=[
                _("wir wollten Ihnen schon geantwortet haben. Das haben wir nicht geschafft. Es tut uns leid."),
                _("Ihre Nachricht ist nicht verloren. Das Team sieht, dass Sie warten."),
            ],
            button=_("Sehen, wie weit es ist"),
            url=status_url,
        )  # fmt: skip


def write_handed(submission: Submission, account: Any, *, who: str, note: str) -> Message:
    """Tell a colleague what was handed to them, with the note and without the resident's words."""
    with translation.override("de"):
        return write_letter(
            kind="conversations.handed",
            to=account.email,
            subject=_("Für Sie: %s") % submission.reference,
            about=submission,
            paragraphs=[
                _("%(who)s gibt Ihnen etwas weiter: %(reference)s. Bitte sehen Sie es sich an.")
                % {"who": who, "reference": submission.reference},
            ],
            quote=note.strip(),
            button=_("In der Koordination öffnen"),
            url=on_district("desk_letter", submission.reference),
        )


def write_reminder(address: str, waiting: Sequence[Conversation]) -> Message:
    """Remind somebody of what waits for an answer, the oldest first, with numbers alone."""
    with translation.override("de"):
        lines = [_line(conversation) for conversation in waiting[:LISTED]]
        if len(waiting) > LISTED:
            lines.append(_("Und %d weitere.") % (len(waiting) - LISTED))
        return write_letter(
            kind="conversations.reminder",
            to=address,
            subject=ngettext(
                "%d Anfrage wartet auf Antwort", "%d Anfragen warten auf Antwort", len(waiting)
            )
            % len(waiting),
            about=waiting[0],
            paragraphs=[
                _("diese Personen aus dem Quartier „%s“ warten noch auf eine Antwort:")
                % connection.tenant.name,
            ],
            quote="\n\n".join(lines),
            button=_("Zum Posteingang"),
            url=on_district("desk_inbox"),
        )


def _line(conversation: Conversation) -> str:
    days = (timezone.now() - conversation.since).days
    waits = ngettext("wartet seit %d Tag", "wartet seit %d Tagen", days) % days
    url = on_district("desk_letter", conversation.reference)
    return f"{conversation.reference}, {waits}\n{url}"


def write_authority_answer(submission: Submission, *, to: str, sender: str, text: str) -> Message:
    """Tell the team what an authority answered.

    Nothing is answered by replying to this mail: who would get that, nobody could be sure of.
    """
    with translation.override("de"):
        return write_letter(
            kind="conversations.authority.answered",
            to=to,
            subject=_("Antwort der Behörde: %s") % submission.reference,
            about=submission,
            paragraphs=[
                _("%(sender)s hat auf Ihre E-Mail zu %(reference)s geantwortet:")
                % {"sender": sender, "reference": submission.reference},
            ],
            quote=text,
            button=_("In der Koordination öffnen"),
            url=on_district("desk_letter", submission.reference),
            small=[
                _("Die Person aus dem Quartier hat diese Antwort nicht bekommen. Bitte antworten Sie nicht auf diese E-Mail: In der Koordination schreiben Sie der Person oder noch einmal der Behörde."),
            ],
        )  # fmt: skip


def write_to_authority(submission: Submission, *, to: str, text: str, reply_to: str) -> Message:
    """Mail a text of the team to an authority; people wrote it, so it is no automatic mail."""
    with translation.override("de"):
        arrived = date_format(timezone.localtime(submission.created_at), "DATE_FORMAT")
        return write(
            "conversations/mail/to_authority",
            kind=TO_AUTHORITY,
            to=to,
            reply_to=reply_to,
            subject=_("Anliegen aus dem Quartier „%(district)s“ (%(reference)s)")
            % {"district": connection.tenant.name, "reference": submission.reference},
            about=submission,
            said=text,
            arrived=arrived,
            can_reply=bool(reply_to),
        )
