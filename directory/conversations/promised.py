"""How many residents were answered within the time that their district promises: numbers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from directory.conversations import promises
from directory.conversations.models import Conversation, ConversationEntry, EntryKind, Turn
from directory.conversations.writing import sorts_in_order
from wiq.tenancy import connection


@dataclass(frozen=True)
class Kept:
    """Of those whose day has come: how many there were, and how many were answered by then."""

    due: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """Return the share in percent; None where nobody had to be answered yet."""
        return round(100 * self.in_time / self.due) if self.due else None


def kept(*, since: datetime) -> Kept:
    """Return how the promise was kept for what came in since a moment.

    Answered is what was answered, called about, or moved to where it is no longer the team's turn.
    What lies under suspicion counts for nobody, and neither does what is not due yet.
    """
    return _counted([(number, is_in_time) for _day, number, is_in_time in _judged(since)])


def kept_by_month(*, since: datetime) -> dict[date, Kept]:
    """Return the same for each month, by its first day."""
    months: dict[date, list[tuple[int, bool]]] = {}
    for day, number, is_in_time in _judged(since):
        months.setdefault(day.replace(day=1), []).append((number, is_in_time))
    return {month: _counted(judged) for month, judged in months.items()}


def _counted(judged: list[tuple[int, bool]]) -> Kept:
    in_time = sum(number for number, is_in_time in judged if is_in_time)
    return Kept(sum(number for number, _is_in_time in judged), in_time)


def _judged(since: datetime) -> Iterator[tuple[date, int, bool]]:
    """Return how many came in on which day whose day has come, and whether answered by then."""
    today = timezone.localdate()
    for arrived, answer_by, answered, number in _first_answers(since):
        # What came before promises were kept is held against today's.
        day = answer_by or promises.last_day(_noon(arrived), connection.tenant.answer_days)
        is_in_time = answered is not None and answered <= day
        if is_in_time or day < today:
            yield arrived, number, is_in_time


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _first_answers(since: datetime) -> Any:
    """Return how many came in on a day and were first answered on another, None for never.

    The database counts them, so that twenty thousand are read as quickly as twenty.
    """
    ours = {str(state) for sort in sorts_in_order() for state, turn in sort.turns.items()
            if turn == Turn.OURS}  # fmt: skip
    answers = Q(kind__in=(EntryKind.ANSWER, EntryKind.CALL)) | (
        Q(kind=EntryKind.MOVE) & ~Q(state__in=ours)
    )
    # A recorded call is what the resident said, at the moment at which it came in.
    said = ConversationEntry.objects.filter(
        answers, conversation=OuterRef("pk"), at__gt=OuterRef("opened_at")
    )
    rows = Conversation.objects.filter(joined_to=None, opened_at__gte=since)
    asked = rows.exclude(turn=Turn.SUSPICIOUS).order_by()
    days = asked.annotate(
        arrived=TruncDate("opened_at"),
        answered=TruncDate(Subquery(said.order_by("at").values("at")[:1])),
    )
    return days.values_list("arrived", "answer_by", "answered").annotate(Count("pk"))
