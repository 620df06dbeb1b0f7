"""What happens next in a district: by day, by month, and what is over."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.events import access, addresses, filters, linked_data, rules
from directory.events.filters import Wishes
from directory.events.models import Occurrence
from directory.people.dates import today
from wiq.page_cache.cache import public_page
from wiq.paging import slice_of
from wiq.tenancy import connection
from wiq.web.hosts import on_district

PAGE_SIZE, MONTH_MOST, DATES_OF_ONE = 20, 300, 12


@public_page
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Show what is coming, a month, or what is over of a year, for a Fokus or a team."""
    wishes = Wishes.read(request.GET)
    size = PAGE_SIZE if wishes.month is None else MONTH_MOST
    page = slice_of(wishes.rows(), _number(request.GET.get("seite", "")), size)
    month = wishes.month or today().replace(day=1)
    over = filters.years()
    context = {
        "nav": "events",
        "wishes": wishes,
        "days": by_day(page.rows),
        "page": page,
        "previous": wishes.query(seite=page.number - 1) if page.has_previous else "",
        "next": wishes.query(seite=page.number + 1) if page.has_next else "",
        "weeks": weeks(wishes.month, page.rows) if wishes.month else [],
        **_months_beside(wishes, month, over),
        "this_month": wishes.at(month=month).query(),
        "coming": wishes.at().query(),
        "years": [(year, wishes.at(year=year).query()) for year in over],
        "owners": filters.owners(),
        "topics": filters.topics(),
        "calendar": addresses.subscribed("events:calendar"),
        "calendar_address": on_district("events:calendar"),
        "weekdays": [date(2024, 1, 1) + timedelta(days=n) for n in range(7)],
    }
    return render(request, "events/list.html", context)


@public_page
@require_safe
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show one event with its next dates, or with its last one when it is over."""
    found = access.published_event(number)
    dates = list(found.occurrences.coming().in_order()[: DATES_OF_ONE + 1])
    last = None if dates else found.occurrences.order_by("-day", "-time", "-pk").first()
    for row in [*dates, *([last] if last else [])]:
        row.event = found
    following = next((row for row in dates if not row.is_cancelled), None)
    context = {
        "nav": "events",
        "event": found,
        "events": [found],
        "dates": dates[:DATES_OF_ONE],
        "has_more": len(dates) > DATES_OF_ONE,
        "last": last,
        "linked_data": linked_data.of_dates(dates[:DATES_OF_ONE], connection.tenant),
        "next": following,
        # What does not take place is told with its day: somebody has it from a poster.
        "shown": following or next(iter(dates), last),
    }
    return render(request, "events/event.html", context)


def _months_beside(wishes: Wishes, month: date, years: list[int]) -> dict[str, str]:
    """Return where the months before and after lead; nowhere where nothing can stand.

    Else a search engine would follow them for ever.
    """
    before = (month - timedelta(days=1)).replace(day=1)
    after = filters.last_of(month) + timedelta(days=1)
    first, last = date(min([*years, today().year]), 1, 1), rules.horizon()
    return {
        name: wishes.at(month=beside).query() if first <= beside <= last else ""
        for name, beside in (("month_before", before), ("month_after", after))
    }


def by_day(rows: Iterable[Occurrence]) -> list[tuple[date, list[Occurrence]]]:
    """Return dates in their order, those of a day together."""
    return [(day, list(found)) for day, found in groupby(rows, key=lambda row: row.day)]


def weeks(month: date, rows: Iterable[Occurrence]) -> list[list[dict[str, Any]]]:
    """Return the weeks of a month, Monday first: each day with its dates.

    What lasts for days stands on each of them.
    """
    found: dict[date, list[Occurrence]] = {}
    for row in rows:
        for number in range((row.end_day - row.day).days + 1):
            found.setdefault(row.day + timedelta(days=number), []).append(row)
    now = today()
    return [
        [
            {"day": day, "rows": found.get(day, []), "is_now": day == now,
             "is_out": day.month != month.month}
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]  # fmt: skip


def _number(text: str) -> int:
    """Return the number of a page that an address asks for; the first where it asks for none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
