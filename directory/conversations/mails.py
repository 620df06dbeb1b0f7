"""The mail that carries an answer of the team to the resident."""

from django.utils import translation
from django.utils.translation import gettext as _

from directory.conversations.models import ConversationEntry
from wiq.mail.models import Message
from wiq.mail.writing import write
from wiq.submissions.models import Submission


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
