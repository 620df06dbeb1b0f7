"""How many residents were answered within the time that their district promises: numbers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Min, Q
from django.utils import timezone

from directory.conversations import promises
from directory.conversations.models import Conversation, EntryKind, Turn
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
    return _counted([is_in_time for _arrived, is_in_time in _judged(since)])


def kept_by_month(*, since: datetime) -> dict[date, Kept]:
    """Return the same for each month, by its first day."""
    months: dict[date, list[bool]] = {}
    for arrived, is_in_time in _judged(since):
        months.setdefault(timezone.localdate(arrived).replace(day=1), []).append(is_in_time)
    return {month: _counted(judged) for month, judged in months.items()}


def _counted(judged: list[bool]) -> Kept:
    return Kept(len(judged), sum(judged))


def _judged(since: datetime) -> Iterator[tuple[datetime, bool]]:
    """Return when each came in whose day has come, and whether it was answered by then."""
    today = timezone.localdate()
    for arrived, answer_by, answered in _first_answers(since):
        # What came before promises were kept is held against today's.
        day = answer_by or promises.last_day(arrived, connection.tenant.answer_days)
        is_in_time = answered is not None and timezone.localdate(answered) <= day
        if is_in_time or day < today:
            yield arrived, is_in_time


def _first_answers(since: datetime) -> Any:
    """Return when each came in and when it was first answered, None for never: one statement."""
    ours = {str(state) for sort in sorts_in_order() for state, turn in sort.turns.items()
            if turn == Turn.OURS}  # fmt: skip
    answers = Q(entries__kind__in=(EntryKind.ANSWER, EntryKind.CALL)) | (
        Q(entries__kind=EntryKind.MOVE) & ~Q(entries__state__in=ours)
    )
    rows = Conversation.objects.filter(joined_to=None, opened_at__gte=since)
    # A recorded call is what the resident said, at the moment at which it came in.
    later = Q(entries__at__gt=F("opened_at"))
    asked = rows.exclude(turn=Turn.SUSPICIOUS).order_by()
    return asked.annotate(answered=Min("entries__at", filter=answers & later)).values_list(
        "opened_at", "answer_by", "answered"
    )
