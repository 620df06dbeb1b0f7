"""Whether somebody else spoke last, noted on the conversation: the resident, who answered an answer
of the team, or an authority.

Heute lists these. To read it from the entries each time means to read those of all conversations
that are the team's turn (docs/decisions/0084-piles-in-one-statement.md).
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from directory.conversations.models import Conversation, ConversationEntry, EntryKind, Via

KINDS = (EntryKind.MESSAGE, EntryKind.ANSWER)
SAID = ConversationEntry.objects.filter(conversation=OuterRef("pk")).order_by("-at", "-pk")
# What an authority writes is a note.
LAST = Subquery(SAID.filter(Q(kind__in=KINDS) | Q(via=Via.AUTHORITY)).values("kind")[:1])


def note(conversation: Conversation) -> None:
    """Note it on one conversation, whose entries have changed."""
    if _wrongly_noted(Conversation.objects.filter(pk=conversation.pk)).exists():
        Conversation.objects.filter(pk=conversation.pk).update(replied=~F("replied"))
        conversation.refresh_from_db(fields=["replied"])


def note_all() -> int:
    """Correct it where it is wrong, and return how often: an older version notes nothing."""
    wrong = list(_wrongly_noted(Conversation.objects.all()).values_list("pk", flat=True))
    return Conversation.objects.filter(pk__in=wrong).update(replied=~F("replied")) if wrong else 0


def _wrongly_noted(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    answered = Exists(SAID.filter(kind=EntryKind.ANSWER))
    # Never NULL, though an erased conversation may have no entry left.
    is_reply = Q(last=EntryKind.NOTE) | Q(answered=True, last=EntryKind.MESSAGE)
    wrong = (is_reply & Q(replied=False)) | (Q(replied=True) & ~is_reply)
    last = Coalesce(LAST, Value(""))
    return rows.annotate(last=last, answered=answered).filter(wrong)
