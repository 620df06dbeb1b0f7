"""What the other installations said last, and since when one is silent: in Valkey alone.

Without Valkey nothing is remembered, and everything else works.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from tenants.cells.asking import Answer, Cell, Query
from tenants.cells.told import About, Lines, Unreadable, about_from, lines_from

DAY = 86_400
KEPT_SECONDS = 30 * DAY


@dataclass(frozen=True)
class Remembered:
    """The last answer of an installation, and when it was given."""

    at: datetime
    about: About
    lines: Lines | None


def note(cell: Cell, answer: Answer, query: Query | None) -> datetime | None:
    """Remember an answer; return since when there is trouble, None where there is none."""
    silent_key = f"cells:silent:{cell.host}"
    if answer.trouble is None:
        cache.delete(silent_key)
        _keep(cell, answer, query)
        return None
    since = _moment(cache.get(silent_key))
    if since is None:
        since = timezone.now()
        cache.set(silent_key, since.timestamp(), KEPT_SECONDS)
    return since


def _keep(cell: Cell, answer: Answer, query: Query | None) -> None:
    about, lines = answer.raw
    at = timezone.now().timestamp()
    cache.set(f"cells:about:{cell.host}", {"at": at, "about": about}, KEPT_SECONDS)
    if query is not None and query.is_plain:
        cache.set(f"cells:lines:{cell.host}", lines, KEPT_SECONDS)


def last(cell: Cell) -> Remembered | None:
    """Return what an installation said last, with the beginning of its list."""
    found = cache.get(f"cells:about:{cell.host}")
    at = _moment(found.get("at")) if isinstance(found, dict) else None
    if at is None:
        return None
    try:
        return Remembered(at, about_from(found.get("about")), _lines(cell))
    except Unreadable:  # kept by another version
        return None


def is_silent(cell: Cell) -> bool:
    """Tell whether an installation gave no answer the last time."""
    return _moment(cache.get(f"cells:silent:{cell.host}")) is not None


def _lines(cell: Cell) -> Lines | None:
    kept = cache.get(f"cells:lines:{cell.host}")
    try:
        return None if kept is None else lines_from(kept)
    except Unreadable:
        return None


def _moment(seconds: Any) -> datetime | None:
    if not isinstance(seconds, int | float):
        return None
    return datetime.fromtimestamp(seconds, UTC)
