"""Looking at all other installations, and remembering what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenants.cells import memory
from tenants.cells.asking import Answer, Cell, Query, Trouble, ask_all, others
from tenants.cells.told import About, Lines


@dataclass(frozen=True)
class Seen:
    """Another installation as one sees it now: as it answered, else as it was last."""

    cell: Cell
    about: About | None
    lines: Lines | None
    trouble: Trouble | None = None
    # Since when there is trouble, and when it last answered.
    since: datetime | None = None
    last_at: datetime | None = None


def look(cells: Sequence[Cell], queries: Sequence[Query | None]) -> list[Seen]:
    """Ask these installations at the same time, each with its query; takes at most SECONDS."""
    answers = ask_all(cells, queries)
    return [_seen(*one) for one in zip(cells, queries, answers, strict=True)]


def look_round() -> list[Seen]:
    """Ask all other installations for themselves, so that others need not."""
    cells = others()
    return look(cells, [None] * len(cells))


def _seen(cell: Cell, query: Query | None, answer: Answer) -> Seen:
    since = memory.note(cell, answer, query)
    if answer.trouble is None:
        return Seen(cell, answer.about, answer.lines)
    known = memory.last(cell)
    if known is None:
        return Seen(cell, None, None, answer.trouble, since)
    lines = known.lines if query is not None and query.is_plain else None
    return Seen(cell, known.about, lines, answer.trouble, since, known.at)
