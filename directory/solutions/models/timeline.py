"""The history of solution teams: dated updates and changes of state, in one list."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.people.dates import today
from directory.solutions.choices import PUBLIC_STATES, TeamState
from directory.solutions.models.teams import SolutionTeam
from wiq.audit import records
from wiq.declared import Leaves


class HappeningQuerySet(models.QuerySet[Any]):
    """Queries on one of the two tables."""

    def public(self) -> "HappeningQuerySet":
        """Return what visitors may read: rows of public teams, not dated in the future."""
        return self.filter(solution_team__state__in=PUBLIC_STATES, date__lte=today())

    def between(self, since: datetime, until: datetime) -> "HappeningQuerySet":
        """Return what became visible between two moments, by its creation or its date."""
        new = Q(created_at__gt=since) | Q(date__gt=timezone.localdate(since))
        return self.filter(new, created_at__lte=until)

    def as_news(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Return the rows in the columns that both tables share."""
        raise NotImplementedError


class UpdateQuerySet(HappeningQuerySet):
    def as_news(self) -> models.QuerySet[Any, dict[str, Any]]:
        return self.values(
            kind=Value("update"), row=F("pk"), day=F("date"), at=F("created_at"), words=F("text"),
            words_en=F("text_en"), new_state=Value(""), team_slug=F("solution_team__slug"),
            team_name=F("solution_team__name"), item_id=F("uid"),
        )  # fmt: skip


class StateChangeQuerySet(HappeningQuerySet):
    def public(self) -> "HappeningQuerySet":
        """Return what visitors may read, without moves back to draft."""
        return super().public().exclude(to_state=TeamState.DRAFT)

    def as_news(self) -> models.QuerySet[Any, dict[str, Any]]:
        return self.values(
            kind=Value("state"), row=F("pk"), day=F("date"), at=F("created_at"),
            words=F("reason"), words_en=Value(""), new_state=F("to_state"), team_slug=F("solution_team__slug"),
            team_name=F("solution_team__name"), item_id=F("uid"),
        )  # fmt: skip


class Update(models.Model):
    """A dated progress note: "Stand" on the pages."""

    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, related_name="updates", verbose_name=_("Lösungsteam")
    )
    date = models.DateField(_("Datum"), default=today)
    text = models.TextField(_("Was gibt es Neues?"), validators=[MaxLengthValidator(4000)])
    text_en = models.TextField(
        _("Was gibt es Neues? Auf Englisch"), blank=True, validators=[MaxLengthValidator(4000)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    objects: ClassVar = UpdateQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "solution_team date text text_en created_at uid"

    class Meta:
        verbose_name = _("Neuigkeit")
        verbose_name_plural = _("Neuigkeiten")
        ordering: ClassVar = ["-date", "-pk"]
        indexes: ClassVar = [models.Index(F("date").desc(), "id", name="update_by_date")]

    def __str__(self) -> str:
        return f"{self.solution_team}, {self.date}"

    def clean(self) -> None:
        """Refuse a day of another age, beside its field."""
        records.check_years(self)


class StateChange(models.Model):
    """A solution team's move to another state: when, why, and by whom."""

    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, related_name="state_changes", verbose_name=_("Lösungsteam")
    )
    from_state = models.CharField(_("von"), max_length=16, choices=TeamState)
    to_state = models.CharField(_("nach"), max_length=16, choices=TeamState)
    date = models.DateField(_("Datum"), default=today)
    reason = models.TextField(
        _("Grund"), blank=True, validators=[MaxLengthValidator(2000)],
        help_text=_("Steht auf der Seite des Lösungsteams."),
    )  # fmt: skip
    changed_by = models.CharField(_("wer"), max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)
    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    objects: ClassVar = StateChangeQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "solution_team from_state to_state date reason created_at uid"
        personal = "changed_by"

    class Meta:
        verbose_name = _("Wechsel des Standes")
        verbose_name_plural = _("Wechsel des Standes")
        ordering: ClassVar = ["-date", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_state__in=TeamState.values, to_state__in=TeamState.values),
                name="statechange_states_known",
            ),
        ]
        indexes: ClassVar = [models.Index(F("date").desc(), "id", name="statechange_by_date")]

    def __str__(self) -> str:
        return f"{self.solution_team}: {self.get_to_state_display()}"


def news(
    solution_team: SolutionTeam | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> models.QuerySet[Any, dict[str, Any]]:
    """Return the public updates and changes of state in one statement, the newest first.

    Of one team or of all; with ``since`` and ``until``, only what became visible between them.
    Each row is a dict: kind ("update" or "state"), row, day, at, words, words_en, new_state,
    team_slug, team_name, item_id.
    """
    updates, changes = Update.objects.public(), StateChange.objects.public()
    if solution_team is not None:
        updates = updates.filter(solution_team=solution_team)
        changes = changes.filter(solution_team=solution_team)
    if since is not None and until is not None:
        updates, changes = updates.between(since, until), changes.between(since, until)
    both = updates.as_news().union(changes.as_news(), all=True)
    return both.order_by("-day", "-at", "kind", "-row")


def named_states(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return news rows with the label of each change's new state."""
    labels = {value: str(label) for value, label in TeamState.choices}
    return [{**row, "state": labels.get(row["new_state"], "")} for row in rows]
