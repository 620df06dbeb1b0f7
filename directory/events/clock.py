"""Days and times as the clocks on the wall show them, in the district's zone.

A date is kept as a local day and a local time, never as an instant: "every Tuesday at 18:00" stays
at 18:00 over the change of clocks. Twice a year this leaves one hour that does not exist and one
that exists twice (PEP 495); nothing begins or ends there.
"""

from datetime import UTC, date, datetime, time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _


def instant(day: date, at: time) -> datetime:
    """Return a local day and time with its zone. Raises OverflowError next to the year 9999."""
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def exists(day: date, at: time) -> bool:
    """Tell whether clocks here show this time on this day; they skip one hour in spring."""
    wall = instant(day, at)
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == datetime.combine(
        day, at
    )


def exists_twice(day: date, at: time) -> bool:
    """Tell whether clocks here show this time twice on this day: one hour in autumn."""
    wall = instant(day, at)
    return exists(day, at) and wall.utcoffset() != wall.replace(fold=1).utcoffset()


def check_exists_once(day: date, at: time, field: str) -> None:
    """Refuse a time that clocks skip or show twice. Raises ValidationError for ``field``."""
    said = {"day": date_format(day, "DATE_FORMAT"), "time": time_format(at, "TIME_FORMAT")}
    if not exists(day, at):
        text = _(
            "Diese Uhrzeit gibt es am %(day)s nicht: In dieser Nacht werden die Uhren um eine "
            "Stunde vorgestellt. Bitte wählen Sie eine andere Zeit als %(time)s."
        )
        raise ValidationError({field: text % said})
    if exists_twice(day, at):
        text = _(
            "Diese Uhrzeit gibt es am %(day)s zweimal: In dieser Nacht werden die Uhren um eine "
            "Stunde zurückgestellt. Bitte wählen Sie eine andere Zeit als %(time)s."
        )
        raise ValidationError({field: text % said})
