"""Dates from a district's file: by a rule that pages can read, on days that calendars have."""

from datetime import timedelta
from typing import Any

from directory.events import rules
from directory.events.models import Event, Occurrence
from wiq.audit import records
from wiq.importing import Completion, completions

# What begins on the last day that may be announced ends later.
_DAYS = {
    "day": timedelta(),
    "original_day": timedelta(),
    "end_day": rules.LONGEST,
    "last_day": rules.LONGEST,
}


def complete(row: Event | Occurrence, data: dict[str, Any]) -> None:
    """Check a row's days and its rule. Raises ValidationError for what nobody could announce."""
    records.check_years(row)
    for name, longest in _DAYS.items():
        day = getattr(row, name, None)
        if day is not None:
            rules.check_near(day - longest, name)
    if isinstance(row, Event):
        row.rule = rules.checked(row.rule, row.day)


completions.register(Completion(Event, complete))
completions.register(Completion(Occurrence, complete))
