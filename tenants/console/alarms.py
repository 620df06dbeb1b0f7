"""Who looks after an alarm, and until when it may wait."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.people.dates import today
from tenants.console.models import Alarm
from wiq.actors import Actor, name_of
from wiq.audit import names
from wiq.audit import services as audit

# Longer than a season, an alarm would be forgotten rather than put off.
LONGEST = timedelta(days=90)


def _held(alarm: Alarm) -> Alarm:
    """Return the current row of an open alarm, locked. Raises ValidationError if it has ended."""
    found: Alarm | None = Alarm.objects.open().select_for_update(of=("self",)).filter(
        pk=alarm.pk
    ).first()  # fmt: skip
    if found is None:
        raise ValidationError(_("Dieser Hinweis hat sich schon erledigt."))
    return found


@transaction.atomic
def take(alarm: Alarm, *, actor: Actor) -> Alarm:
    """Note who looks after an alarm. Raises ValidationError if somebody else already does."""
    held, who = _held(alarm), name_of(actor)
    if held.taken_by and held.taken_by != who:
        known = names.of_accounts([held.taken_by])
        raise ValidationError(_("%s kümmert sich schon darum.") % known.account(held.taken_by))
    held.taken_by = who
    held.save(update_fields=["taken_by"])
    audit.record_event("alarm.taken", held, actor=actor)
    return held


@transaction.atomic
def give_back(alarm: Alarm, *, actor: Actor) -> Alarm:
    """Note that nobody looks after an alarm any more. Raises ValidationError if it has ended."""
    held = _held(alarm)
    held.taken_by = ""
    held.save(update_fields=["taken_by"])
    audit.record_event("alarm.given_back", held, actor=actor)
    return held


@transaction.atomic
def put_off(alarm: Alarm, until: date | None, *, actor: Actor) -> Alarm:
    """Let an alarm wait until a day, on which it is told again.

    Raises ValidationError for a day that is not in the future or too far in it.
    """
    if until is None or not today() < until <= today() + LONGEST:
        raise ValidationError(
            _("Bitte einen Tag ab morgen und höchstens %d Tage voraus.") % LONGEST.days
        )
    held = _held(alarm)
    held.put_off_until = until
    held.save(update_fields=["put_off_until"])
    audit.record_event("alarm.put_off", held, actor=actor, details={"until": str(until)})
    return held


@transaction.atomic
def call_back() -> list[Alarm]:
    """End the waiting of the alarms whose day has come; return them."""
    due = list(
        Alarm.objects.open()
        .filter(put_off_until__lte=today())
        .select_related("district")
        .select_for_update(of=("self",))
    )
    for alarm in due:
        alarm.put_off_until = None
        alarm.save(update_fields=["put_off_until"])
    return due
