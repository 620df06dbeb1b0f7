"""Writing what happens in a district: announcing, changing, moving and cancelling dates.

Every date is a row of its own (docs/decisions/0094-dates-as-rows.md), made here from the event's
rule whenever the event is written.
"""

from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.events import clock, rules
from directory.events.models import Change, Event, Occurrence
from directory.people.dates import today
from directory.solutions import catalogue
from directory.solutions.models import SolutionTeam
from tenants.districts import public_menu
from wiq.actors import Actor
from wiq.audit import records
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time
from wiq.tenancy import connection

# Coming dates of one team, one solution team, or the district itself: none needs as many, and a
# page that names a team reads them all.
MOST_OF_ONE = 1000
# What a date is by its event, and what a new rhythm or hour changes.
_AS_ANNOUNCED = ("day", "time", "end_day", "end_time")


def announce(*, actor: Actor, **fields: Any) -> Event:
    """Announce an event, with all its dates. Raises ValidationError, with the field's name."""
    return save(Event(**fields), actor=actor)


def change(event: Event, *, actor: Actor, **fields: Any) -> Event:
    """Change what an event says; dates that are over stay as they were. Raises ValidationError."""
    for name, value in fields.items():
        setattr(event, name, value)
    return save(event, actor=actor)


@transaction.atomic
def save(instance: Event, *, actor: Actor) -> Event:
    """Check and save a new or changed event, and lay out its dates.

    Single dates that were moved or cancelled stay so, where the rule still brings them. Raises
    ValidationError, with the field's name.
    """
    records.tidy(instance)
    records.check_years(instance)
    before: SolutionTeam | None = None
    if instance._state.adding:
        instance.last_day = instance.day or today()
    else:
        held = Event.objects.select_for_update().get(pk=instance.pk)
        instance.sequence, before = held.sequence, held.solution_team
    # Fields without a value, before days are reckoned with; then the rules between fields.
    instance.clean_fields()
    _check_times(instance.day, instance.time, instance.end_day, instance.end_time)
    instance.full_clean()
    instance.rule = rules.checked(instance.rule, instance.day)
    days = rules.days(instance.rule, instance.day)
    _check_hours(instance, days)
    records.save(instance, actor=actor)
    _lay_out(instance, days)
    _check_room(instance)
    _tell(instance.solution_team, before)
    return instance


@transaction.atomic
def remove(instance: models.Model, *, actor: Actor) -> None:
    """Delete an event with all its dates, as if it had never been announced."""
    records.remove(instance, actor=actor)
    if isinstance(instance, Event):
        _tell(instance.solution_team)


@transaction.atomic
def cancel(event: Event, *, word: str, actor: Actor) -> Event:
    """Cancel an event with all its dates, and say why. Raises ValidationError for ``word``."""
    held = Event.objects.select_for_update().get(pk=event.pk)
    held.word, held.is_cancelled = _said(word), True
    _note(held)
    audit.record_change("event.cancelled", held, actor=actor)
    _tell(held.solution_team)
    return held


@transaction.atomic
def take_back(event: Event, *, actor: Actor) -> Event:
    """Let a cancelled event take place after all; dates cancelled one by one stay cancelled."""
    held = Event.objects.select_for_update().get(pk=event.pk)
    held.word, held.is_cancelled = "", False
    _note(held)
    audit.record_change("event.taken_back", held, actor=actor)
    _tell(held.solution_team)
    return held


@transaction.atomic
def move_date(
    occurrence: Occurrence,
    *,
    day: date,
    time: time,
    word: str,
    actor: Actor,
    end_day: date | None = None,
    end_time: time | None = None,
    place: str = "",
) -> Occurrence:
    """Move one date to another day, time or place, and say why. Raises ValidationError."""
    held = _held(occurrence)
    held.day, held.time, held.end_day, held.end_time = day, time, end_day or day, end_time
    records.check_years(held)
    _check_times(day, time, end_day, end_time)
    rules.check_kept(held.end_day, "day")
    clock.check_exists_once(day, time, "time")
    if end_time is not None:
        clock.check_exists_once(end_day or day, end_time, "end_time")
    held.place, held.word, held.change = place, _said(word), Change.MOVED
    _note_date(held)
    audit.record_change("event.date_moved", held.event, actor=actor, details=_which(held))
    return held


@transaction.atomic
def cancel_date(occurrence: Occurrence, *, word: str, actor: Actor) -> Occurrence:
    """Cancel one date of an event, and say why. Raises ValidationError for ``word``."""
    held = _held(occurrence)
    held.word, held.change = _said(word), Change.CANCELLED
    _note_date(held)
    audit.record_change("event.date_cancelled", held.event, actor=actor, details=_which(held))
    return held


@transaction.atomic
def take_back_date(occurrence: Occurrence, *, actor: Actor) -> Occurrence:
    """Let one date take place as its event says, after it was moved or cancelled."""
    held = _held(occurrence)
    _as_announced(held)
    held.place = held.word = held.change = ""
    _note_date(held)
    audit.record_change("event.date_taken_back", held.event, actor=actor, details=_which(held))
    return held


@transaction.atomic
def forget_over() -> int:
    """Delete the dates that are over for a year, and events of which none is left; return both.

    Dates of an event go with the event; a series that goes on loses its first ones alone.
    """
    due = Occurrence.objects.to_forget()
    gone, _each = Occurrence.objects.filter(pk__in=due).delete()
    events = Event.objects.of_no_day()
    ended = events.count()
    if gone or ended:
        events.delete()
        details = {"dates": gone, "events": ended}
        audit.record_change("event.forgotten", None, actor=audit.SYSTEM, details=details)
        _tell()
    return gone + ended


def _tell(*teams: SolutionTeam | None) -> None:
    """Renew what the main menu leads to, and how often solution teams meet by the catalogue."""
    public_menu.note()
    for team in {team.pk: team for team in teams if team is not None}.values():
        catalogue.show(team)


def _note(event: Event) -> None:
    """Save an event's state, and count its sequence."""
    records.tidy(event)
    event.full_clean()
    event.sequence += 1
    event.save(update_fields=["is_cancelled", "word", "sequence", "updated_at"])


def _note_date(occurrence: Occurrence) -> None:
    """Check and save one date, and count its event's sequence."""
    records.tidy(occurrence)
    records.check_years(occurrence)
    occurrence.full_clean()
    occurrence.save()
    event = occurrence.event
    event.sequence += 1
    _note_last_day(event)


def _which(occurrence: Occurrence) -> dict[str, str]:
    return {"date": occurrence.original_day.isoformat()}


def _held(occurrence: Occurrence) -> Occurrence:
    """Return a date as it is now, held with its event, so that one write waits for another."""
    event = Event.objects.select_for_update().get(pk=occurrence.event_id)
    held: Occurrence = event.occurrences.select_for_update().get(pk=occurrence.pk)
    held.event = event
    return held


def _said(word: str) -> str:
    if not word.strip():
        text = _("Bitte schreiben Sie kurz, warum. Dieser Satz steht auf der Seite.")
        raise ValidationError({"word": text})
    return word.strip()


def _check_times(day: date, begins: time, end_day: date | None, ends: time | None) -> None:
    """Refuse an end before the beginning, one without a time, and what is too far away."""
    rules.check_near(day, "day")
    if end_day is not None and end_day < day:
        raise ValidationError({"end_day": _("Der letzte Tag liegt vor dem ersten.")})
    if end_day is not None and end_day - day > rules.LONGEST:
        text = _("Ein Termin dauert höchstens einen Monat. Was wiederkommt, ist eine Reihe.")
        raise ValidationError({"end_day": text})
    if ends is not None and (end_day or day) == day and ends <= begins:
        text = _(
            "Das Ende liegt vor dem Beginn. Endet der Termin nach Mitternacht, nennen Sie bitte "
            "auch den letzten Tag."
        )
        raise ValidationError({"end_time": text})


def _length(event: Event) -> timedelta:
    return (event.end_day or event.day) - event.day


def _check_hours(event: Event, days: list[date]) -> None:
    """Refuse times that clocks skip or show twice, on any of the days."""
    for day in days:
        clock.check_exists_once(day, event.time, "time")
        if event.end_time is not None:
            clock.check_exists_once(day + _length(event), event.end_time, "end_time")


def _check_room(event: Event) -> None:
    """Refuse more dates to come than anybody looks after; of two who write, one counts after."""
    one_at_a_time(f"{connection.schema_name} events of one")
    coming = Occurrence.objects.coming().of(event.owner)
    if coming.count() > MOST_OF_ONE:
        text = _(
            "Das sind zu viele Termine: Für ein Team sind höchstens %(most)s Tage zugleich "
            "angekündigt. Bitte lassen Sie eine Wiederholung früher enden."
        )
        raise ValidationError({"rule" if event.rule else "day": text % {"most": MOST_OF_ONE}})


def _as_announced(occurrence: Occurrence) -> None:
    event = occurrence.event
    occurrence.day, occurrence.time = occurrence.original_day, event.time
    occurrence.end_day = occurrence.original_day + _length(event)
    occurrence.end_time = event.end_time


def _lay_out(event: Event, days: list[date]) -> None:
    """Make the rows of an event's dates what its rule says, in few statements.

    What is over stays as it was, unless the event was announced today, or takes place only once:
    then whoever changes it mends a slip.
    """
    wanted = set(days)
    known = {row.original_day: row for row in event.occurrences.all()}
    is_mended = not event.rule or timezone.localdate(event.created_at) == today()
    kept = {day for day, row in known.items() if row.is_over and not is_mended}
    gone = [row.pk for day, row in known.items() if day not in wanted and day not in kept]
    event.occurrences.filter(pk__in=gone).delete()
    new: list[Occurrence] = []
    changed: list[Occurrence] = []
    for day in days:
        row = known.get(day) or Occurrence(event=event, original_day=day)
        is_gone = row.pk is None and rules.is_forgotten(day + _length(event))
        if day in kept or row.change == Change.MOVED or is_gone:
            continue
        row.event = event
        before = [getattr(row, name) for name in _AS_ANNOUNCED]
        _as_announced(row)
        if row.pk is None:
            new.append(row)
        elif before != [getattr(row, name) for name in _AS_ANNOUNCED]:
            changed.append(row)
    Occurrence.objects.bulk_create(new)
    Occurrence.objects.bulk_update(changed, _AS_ANNOUNCED)
    event.sequence += 1 if known else 0
    _note_last_day(event)


def _note_last_day(event: Event) -> None:
    """Keep an event's sequence, and the last day on which anything of it happens."""
    event.last_day = event.occurrences.aggregate(last=models.Max("end_day"))["last"]
    rules.check_kept(event.last_day, "day")
    event.save(update_fields=["last_day", "sequence", "updated_at"])
