"""Dates for calendar programs (iCalendar, RFC 5545): each event with its rule and what differs.

A calendar says the same at any hour until something is written, so that programs that ask every
few hours get 304. Days of a former rhythm, which are over, are left out: no rule names them.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar
from django.utils.translation import gettext as _

from directory.events import clock, rules
from directory.events.models import Event, Occurrence
from wiq.web.hosts import on_district
from wiq.web.templatetags.wiq_text import said

CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often programs should ask (RFC 7986, 5.7).
ASK_AGAIN = timedelta(hours=4)
_LAST_MINUTE = time(23, 59)
# The zone here (settings.TIME_ZONE) by its two rules, in force since 1996 (directive 2000/84/EC).
# Not made by icalendar: that lists days, which some programs leave unread, and then summer is an
# hour off; and it lets summer begin at 03:00 instead of 02:00.
_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def written(events: Iterable[Event], name: str) -> bytes:
    """Return a calendar with these events and their dates, in the language of the page.

    ``events`` come with their dates (``with_dates``); ``name`` is what programs call the calendar.
    """
    whole = icalendar.Calendar()
    whole.add("PRODID", "-//Wir im Quartier//Termine//DE")
    whole.add("VERSION", "2.0")
    whole.add("CALSCALE", "GREGORIAN")
    whole.add("NAME", name)
    # Apple and Microsoft read the name here, and how often to ask.
    whole.add("X-WR-CALNAME", name)
    whole.add("REFRESH-INTERVAL", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    whole.add("X-PUBLISHED-TTL", icalendar.vDuration(ASK_AGAIN))
    whole.add_component(icalendar.Timezone.from_ical(_ZONE))
    for event in events:
        for part in _parts(event):
            whole.add_component(part)
    content: bytes = whole.to_ical()
    return content


def _parts(event: Event) -> list[icalendar.Event]:
    """Return an event as calendars have it: the series, then each date that differs."""
    rows = list(event.occurrences.all())
    for row in rows:
        row.event = event
    if not event.rule:
        return [_single(event, row) for row in rows[:1]]
    ruled = rules.days(event.rule, event.day)
    known = {row.original_day for row in rows}
    series = _described(event, event.place, event.word, is_off=event.is_cancelled)
    _add_times(series, *_planned(event, event.day))
    series.add("RRULE", icalendar.vRecur.from_ical(event.rule))
    # Days that are gone: what was over for a year is kept no longer.
    gone = [clock.instant(day, event.time) for day in ruled if day not in known]
    if gone:
        series.add("EXDATE", gone)
    different = [
        row
        for row in rows
        if row.original_day in set(ruled)
        and (row.change or _times(row) != _planned(event, row.original_day))
    ]
    return [series, *(_differing(event, row) for row in different)]


def _single(event: Event, row: Occurrence) -> icalendar.Event:
    found = _described(event, row.where, row.why, is_off=row.is_cancelled)
    _add_times(found, *_times(row))
    return found


def _differing(event: Event, row: Occurrence) -> icalendar.Event:
    """Return one date of a series, named by the moment that the rule brings."""
    found = _single(event, row)
    found.add("RECURRENCE-ID", clock.instant(row.original_day, event.time))
    return found


def _planned(event: Event, day: date) -> tuple[datetime, datetime | None]:
    """Return when the date of a day begins and ends as it was announced."""
    last = day + ((event.end_day or event.day) - event.day)
    return clock.instant(day, event.time), _end(day, last, event.end_time)


def _times(row: Occurrence) -> tuple[datetime, datetime | None]:
    return row.starts_at, _end(row.day, row.end_day, row.end_time)


def _end(day: date, last: date, at: time | None) -> datetime | None:
    """Return an end; what lasts for days and names no hour fills its last day."""
    if at is None:
        return None if last == day else clock.instant(last, _LAST_MINUTE)
    return clock.instant(last, at)


def _add_times(found: icalendar.Event, start: datetime, end: datetime | None) -> None:
    found.add("DTSTART", start)
    if end is not None:
        found.add("DTEND", end)


def _described(event: Event, where: str, why: str, *, is_off: bool) -> icalendar.Event:
    """Return what a calendar says of an event or of one of its dates, without its times."""
    found = icalendar.Event()
    title = said(event, "title").text
    # Many programs show a cancelled date like any other: the words say it, too.
    found.add("SUMMARY", _("Fällt aus: %s") % title if is_off else title)
    found.add("UID", event.uid)
    found.add("SEQUENCE", event.sequence)
    found.add("STATUS", "CANCELLED" if is_off else "CONFIRMED")
    # Without METHOD both are the same (RFC 5545, 3.8.7.2).
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        found.add(name, event.updated_at.replace(microsecond=0))
    found.add("CREATED", event.created_at.replace(microsecond=0))
    link = on_district("events:event", event.pk)
    found.add("URL", link)
    if where:
        found.add("LOCATION", where)
    found.add("DESCRIPTION", "\n\n".join(_sentences(event, why, link)))
    return found


def _sentences(event: Event, why: str, link: str) -> Iterable[str]:
    texts: list[Any] = [why, said(event, "text").text]
    bring = said(event, "bring").text
    if bring:
        texts.append(_("Bitte mitbringen: %s") % bring)
    if event.owner is not None:
        texts.append(_("Es lädt ein: %s") % event.owner.name)
    return [str(text) for text in [*texts, link] if text]
