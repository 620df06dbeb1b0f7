"""By what rule a date comes again: the part of RFC 5545, 3.3.10, that people here can say.

A rule is kept as the text of an RRULE, in one spelling: weekly or every two weeks on some weekdays,
or monthly on the n-th or last weekday; always with an end (docs/decisions/0094-dates-as-rows.md).
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.events import clock
from directory.people.dates import today
from wiq.submissions.retention import forgotten_on

MOST = 520
MONTHS_AHEAD = 24
LONGEST = timedelta(days=31)
# How long a date that is over stays: the page shows past ones of a year.
MONTHS_KEPT = 12
LENGTH = 200
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A week that begins on a Monday, for the names of its days.
_WEEK = [date(2024, 1, 1) + timedelta(days=n) for n in range(7)]
ONCE, WEEKLY, TWO_WEEKS = "", "weekly", "two_weeks"
MONTHLY, MONTHLY_LAST = "monthly", "monthly_last"
FIRST_YEAR = 1900
_KNOWN = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_BY_MONTH = re.compile(r"(?:[1-4]|-1)(?:MO|TU|WE|TH|FR|SA|SU)")


def horizon() -> date:
    """Return the last day for which anything may be announced."""
    latest: date = today() + relativedelta(months=MONTHS_AHEAD)
    return latest


def is_forgotten(last: date) -> bool:
    """Tell whether what was over on this day is kept no longer."""
    return forgotten_on(last, MONTHS_KEPT) <= today()


def check_kept(last: date | None, field: str) -> None:
    """Refuse what was over so long ago that it is kept no longer, or None: nothing is kept.

    Raises ValidationError for ``field``.
    """
    if last is None or is_forgotten(last):
        text = _("Das liegt mehr als ein Jahr zurück. So lange heben wir Termine nicht auf.")
        raise ValidationError({field: text})


def check_near(day: date, field: str) -> None:
    """Refuse a day that is too far ahead. Raises ValidationError for ``field``."""
    if day > horizon():
        text = _("So weit im Voraus geht es nicht. Spätestens am %(day)s.")
        raise ValidationError({field: text % {"day": date_format(horizon(), "DATE_FORMAT")}})


def read(text: str) -> dict[str, str]:
    """Return the parts of an RRULE, upper case; raise ValidationError for what is none."""
    plain = text.strip().upper().removeprefix("RRULE:")
    pairs = [part.partition("=") for part in plain.split(";") if part]
    found = {name.strip(): value.strip() for name, _sign, value in pairs}
    if not found or len(found) != len(pairs) or not all(found.values()):
        raise _refused(_("Diese Wiederholung lässt sich nicht lesen. Ein Beispiel: %(rule)s"))
    return found


def checked(text: str, first: date) -> str:
    """Return a rule as it is kept, for a series that begins on ``first``; "" for no rule.

    Raises ValidationError for ``rule``, with a sentence that says what is wrong with it.
    """
    if not text.strip():
        return ""
    parts = read(text)
    _check_frequency(parts)
    _check_weekdays(parts)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    if parts.pop("WKST", "MO") != "MO":
        raise _refused(_("Die Woche beginnt hier am Montag (WKST=MO)."))
    if "UNTIL" in parts:
        parts["UNTIL"] = _until_as_kept(parts["UNTIL"])
    _check_end(parts, first)
    order = ("FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT")
    kept = ";".join(f"{name}={parts[name]}" for name in order if name in parts)
    _check_days(kept, first)
    return kept


def days(rule: str, first: date) -> list[date]:
    """Return the days of a kept rule, at most one more than may be; ``first`` alone without one."""
    if not rule:
        return [first]
    parts = read(rule)
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_last(parts['UNTIL']):%Y%m%d}T235959"
    local = ";".join(f"{name}={value}" for name, value in parts.items())
    series = rrulestr(local, dtstart=datetime.combine(first, time()))
    return [found.date() for found in islice(series, MOST + 1)]


def endless(rule: str, first: date) -> str:
    """Return a kept rule without its end and its beginning: with the weekday that this was."""
    parts = {"BYDAY": WEEKDAYS[first.weekday()]} | read(rule)
    order = ("FREQ", "INTERVAL", "BYDAY")
    return ";".join(f"{name}={parts[name]}" for name in order if name in parts)


def last_day(rule: str) -> date | None:
    """Return the day after which a rule brings nothing; None where it counts, or is none."""
    until = read(rule).get("UNTIL") if rule else None
    return None if until is None else _last(until)


def composed(rhythm: str, first: date, until: date) -> str:
    """Return the rule of one of the rhythms that the desk offers, for a series from ``first``."""
    if rhythm == ONCE:
        return ""
    end = _until_as_kept(f"{until:%Y%m%d}")
    if rhythm in (MONTHLY, MONTHLY_LAST):
        nth = -1 if rhythm == MONTHLY_LAST else nth_of_month(first)
        return f"FREQ=MONTHLY;BYDAY={nth}{WEEKDAYS[first.weekday()]};UNTIL={end}"
    return f"FREQ=WEEKLY;{'INTERVAL=2;' if rhythm == TWO_WEEKS else ''}UNTIL={end}"


def rhythm_of(rule: str, first: date) -> str | None:
    """Return which of the desk's rhythms a kept rule is; None for one that it can't say."""
    until = last_day(rule)
    if until is None:
        return ONCE if not rule else None
    offered = (WEEKLY, TWO_WEEKS, MONTHLY, MONTHLY_LAST)
    return next((one for one in offered if composed(one, first, until) == rule), None)


def nth_of_month(day: date) -> int:
    """Return the how manieth of its weekday a day is in its month, from 1 to 5."""
    return (day.day - 1) // 7 + 1


def _check_frequency(parts: dict[str, str]) -> None:
    frequency, interval = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    if frequency == "YEARLY":
        raise _refused(
            _(
                "Ein Termin, der jedes Jahr wiederkommt, wird jedes Jahr neu angekündigt. Manche "
                "Tage gibt es auch nicht in jedem Jahr, zum Beispiel den 29. Februar."
            )
        )
    allowed = {"WEEKLY": ("1", "2"), "MONTHLY": ("1",)}.get(frequency, ())
    if interval not in allowed or not set(parts) <= _KNOWN:
        raise _refused(
            _(
                "Ein Termin wiederholt sich jede Woche, alle zwei Wochen oder jeden Monat an einem "
                "Wochentag. Ein Beispiel: %(rule)s"
            )
        )


def _check_weekdays(parts: dict[str, str]) -> None:
    """Refuse weekdays that are none; each is kept once, from Monday on."""
    asked = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if parts["FREQ"] == "MONTHLY" and (len(asked) != 1 or not _BY_MONTH.fullmatch(asked[0])):
        raise _refused(
            _(
                "Jeden Monat gibt es einen ersten, zweiten, dritten, vierten und letzten Dienstag, "
                "aber nicht jeden Monat einen fünften. Das gilt für jeden Wochentag."
            )
        )
    if parts["FREQ"] == "WEEKLY" and not set(asked) <= set(WEEKDAYS):
        raise _refused(_("Diese Wochentage lassen sich nicht lesen. Ein Beispiel: BYDAY=TU,SU"))
    if parts["FREQ"] == "WEEKLY" and asked:
        parts["BYDAY"] = ",".join(day for day in WEEKDAYS if day in asked)


def _check_end(parts: dict[str, str], first: date) -> None:
    latest = {"day": date_format(horizon(), "DATE_FORMAT")}
    count = parts.get("COUNT", "1")
    if ("UNTIL" in parts) == ("COUNT" in parts):
        text = _("Bitte sagen Sie, bis wann sich der Termin wiederholt: spätestens am %(day)s.")
        raise _refused(text % latest)
    if not (count.isascii() and count.isdigit() and 1 <= int(count[:9]) <= MOST):
        raise _too_many()
    if "UNTIL" in parts and _last(parts["UNTIL"]) < first:
        raise _refused(_("Die Wiederholung endet, bevor der erste Termin war."))
    if "UNTIL" in parts and _last(parts["UNTIL"]) > horizon():
        raise _refused(_("So weit im Voraus geht es nicht. Spätestens am %(day)s.") % latest)


def _check_days(rule: str, first: date) -> None:
    found = days(rule, first)
    if len(found) > MOST:
        raise _too_many()
    if not found or found[0] != first:
        raise _refused(_("Der erste Termin liegt nicht auf einem Tag dieser Wiederholung."))
    if found[-1] > horizon():
        latest = {"day": date_format(horizon(), "DATE_FORMAT")}
        raise _refused(_("So weit im Voraus geht es nicht. Spätestens am %(day)s.") % latest)


def _too_many() -> ValidationError:
    text = _(
        "Das sind zu viele Termine auf einmal: mehr als %(most)s. Bitte lassen Sie die "
        "Wiederholung früher enden und kündigen Sie die späteren als eigene Reihe an."
    )
    return _refused(text % {"most": MOST})


def _until_as_kept(text: str) -> str:
    """Return an end as RFC 5545 asks for beside a local beginning: the last second, in UTC."""
    end = clock.instant(_last(text), time(23, 59, 59))
    return f"{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _last(text: str) -> date:
    """Return the last local day of an UNTIL: a day, or a moment with or without zone."""
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        day = datetime.strptime(match[1], "%Y%m%d").date()
        if match[3]:
            moment = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            day = moment.astimezone(clock.instant(day, time(12)).tzinfo).date()
    except (ValueError, OverflowError):
        raise _refused(_("Das Ende der Wiederholung ist kein Tag, den es gibt.")) from None
    if day.year < FIRST_YEAR:
        raise _refused(_("Bitte schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 2026."))
    return min(day, date.max - timedelta(days=2))


def _refused(text: str) -> ValidationError:
    example = {"rule": "FREQ=WEEKLY;UNTIL=20271231"}
    return ValidationError({"rule": text % example if "%(rule)s" in text else text})


def in_words(rule: str, first: date) -> str:
    """Return a kept rule as a sentence part in the language of the page; "" without a rule."""
    if not rule:
        return ""
    parts = read(rule)
    asked = parts.get("BYDAY") or WEEKDAYS[first.weekday()]
    names = [date_format(_WEEK[WEEKDAYS.index(day[-2:])], "l") for day in asked.split(",")]
    listed = [", ".join(names[:-1]), names[-1]] if names[:-1] else names
    said = {"days": " {} ".format(_("und")).join(listed)}
    if parts["FREQ"] == "MONTHLY":
        which = {
            "1": _("am ersten %(days)s"),
            "2": _("am zweiten %(days)s"),
            "3": _("am dritten %(days)s"),
            "4": _("am vierten %(days)s"),
            "-1": _("am letzten %(days)s"),
        }[asked[:-2]]
        return _("Jeden Monat %(which)s") % {"which": which % said}
    if parts.get("INTERVAL") == "2":
        return _("Alle zwei Wochen: %(days)s") % said
    return _("Jede Woche: %(days)s") % said
