"""Registering for a date: a contact request to whoever announced it."""

from django.utils import translation
from django.utils.formats import date_format, time_format

from directory.events import access
from wiq.submissions.occasions import Occasion, Source, sources
from wiq.typed import row_number

PARAMETER = "termin"


def find(name: str) -> Occasion | None:
    """Return the date that asks for registration and is not over, by its number."""
    event = access.published_or_none(row_number(name))
    if event is None or not event.needs_registration:
        return None
    row = event.occurrences.coming().taking_place().in_order().first()
    if row is None:
        return None
    with translation.override("de"):
        day = f"{date_format(row.day, 'l')}, {date_format(row.day, 'DATE_FORMAT')}"
        words = f"{event.title}, {day}, {time_format(row.time, 'TIME_FORMAT')}"
    return Occasion(f"{PARAMETER}:{event.pk}", words, event.team, event.solution_team)


sources.register(Source(PARAMETER, find))
