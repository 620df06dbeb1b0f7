"""How long submissions are kept."""

import calendar
from datetime import date


def forgotten_on(done_on: date, months: int) -> date:
    """Return the same day ``months`` later (earlier if negative).

    If that month is too short, return its last day.
    """
    number = done_on.month - 1 + months
    year, month = done_on.year + number // 12, number % 12 + 1
    return date(year, month, min(done_on.day, calendar.monthrange(year, month)[1]))
