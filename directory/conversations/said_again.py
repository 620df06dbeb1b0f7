"""The same words twice: a button that was pressed again says nothing new."""

from datetime import timedelta

from django.utils import timezone

from directory.conversations.models import ConversationEntry, EntryKind
from directory.conversations.services import held
from wiq.actors import Actor, name_of
from wiq.submissions.models import Submission

# Longer than anybody waits for a slow page before pressing again.
PRESSED_AGAIN = timedelta(minutes=10)
# Later, the same words on a status page mean that somebody still waits.
SAID_AGAIN = timedelta(days=1)


def just_answered(*, submission: Submission, text: str, actor: Actor) -> ConversationEntry | None:
    """Return the last answer if the same person gave it in the same words a moment ago.

    A button that is pressed twice mails once. Rooms ask with the locked row.
    """
    return _just_written(submission, EntryKind.ANSWER, text, actor)


def just_noted(*, submission: Submission, text: str, actor: Actor) -> ConversationEntry | None:
    """Return the last note if the same person wrote it in the same words a moment ago."""
    return _just_written(submission, EntryKind.NOTE, text, actor)


def _just_written(
    submission: Submission, kind: EntryKind, text: str, actor: Actor
) -> ConversationEntry | None:
    entries = held(submission).entries.filter(kind=kind)
    last: ConversationEntry | None = entries.order_by("at", "pk").last()
    if last is None or last.made_by != name_of(actor) or last.at < timezone.now() - PRESSED_AGAIN:
        return None
    return last if last.text.split() == text.split() else None


def just_said(*, submission: Submission, text: str) -> ConversationEntry | None:
    """Return the resident's last words if they are these, not a day old, and nobody has answered.

    Rooms ask with the locked row.
    """
    said = held(submission).entries.filter(kind__in=(EntryKind.MESSAGE, EntryKind.ANSWER))
    last: ConversationEntry | None = said.order_by("at", "pk").last()
    if last is None or last.kind != EntryKind.MESSAGE or last.at < timezone.now() - SAID_AGAIN:
        return None
    return last if last.text.split() == text.split() else None
