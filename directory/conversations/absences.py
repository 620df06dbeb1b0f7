"""Who is away: nothing is given to them, and what they had open goes to somebody else."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.conversations.models import Absence, Conversation, Turn
from directory.conversations.sorts import known_sort
from directory.conversations.writing import submission_of
from wiq.actors import Actor
from wiq.audit import services as audit

LONGEST = timedelta(days=366)


def until(account: Any) -> date | None:
    """Return the day on which an account is back; None if it is here."""
    return away().get(account.pk)


def until_of(account: Any) -> models.Subquery:
    """Return the day on which an account is back, for a statement that reads accounts."""
    rows = Absence.objects.filter(account=account, until__gt=timezone.localdate())
    return models.Subquery(rows.values("until")[:1])


def away() -> dict[int, date]:
    """Return the accounts that are away today, each with the day on which it is back."""
    rows = Absence.objects.filter(until__gt=timezone.localdate())
    return dict(rows.values_list("account", "until"))


def words(account: Any, day: date) -> str:
    """Return that somebody is away, in a sentence."""
    return _("%(name)s ist nicht da. Wieder da am %(day)s.") % {
        "name": account,
        "day": date_format(day, "DATE_FORMAT"),
    }


def check_here(account: Any, *, actor: Actor) -> None:
    """Raise ValidationError for an account that is away; who takes something is here."""
    day = until(account)
    if day is not None and getattr(actor, "pk", None) != account.pk:
        raise ValidationError(words(account, day))


@transaction.atomic
def leave(*, account: Any, back_on: date, to: Any | None, actor: Actor) -> Absence:
    """Note that somebody is away, and hand on what they have open: to ``to``, or to nobody.

    Raises ValidationError for a day that is not in the next year, and for a colleague who is away
    too or may not answer.
    """
    today = timezone.localdate()
    if not today < back_on <= today + LONGEST:
        raise ValidationError(
            _("Bitte wählen Sie einen Tag ab morgen und höchstens ein Jahr voraus.")
        )
    if to is not None and to.pk == account.pk:
        raise ValidationError(_("Bitte wählen Sie jemand anderen für die Vertretung."))
    absence, _is_new = Absence.objects.update_or_create(
        account=account.pk, defaults={"until": back_on}
    )
    audit.record_event("absence.noted", account, actor=actor, details={"until": str(back_on)})
    _hand_on(account, to, words(account, back_on), actor)
    return absence


def _hand_on(account: Any, to: Any | None, note: str, actor: Actor) -> None:
    rows = Conversation.objects.filter(assignee=account.pk, joined_to=None)
    for conversation in rows.filter(turn__in=(Turn.OURS, Turn.THEIRS)).order_by("pk"):
        submission = submission_of(conversation)
        if submission is not None:
            known_sort(conversation).assign(submission, to=to, actor=actor, text=note)


@transaction.atomic
def come_back(*, account: Any, actor: Actor) -> None:
    """Note that somebody is here again."""
    gone, _kinds = Absence.objects.filter(account=account.pk).delete()
    if gone:
        audit.record_event("absence.over", account, actor=actor)


def forget_over() -> int:
    """Delete absences that are over; return how many there were."""
    count, _kinds = Absence.objects.filter(until__lte=timezone.localdate()).delete()
    return count
