"""Questions about single dates, and what may have become of one."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.events import rules
from directory.events.conditions import of_shown_owner, tagged
from directory.people.models import Team
from directory.solutions.models import SolutionTeam


class Change(models.TextChoices):
    """What became of one date of a series; nothing in most cases."""

    MOVED = "moved", _("verschoben")
    CANCELLED = "cancelled", _("abgesagt")


class OccurrenceQuerySet(models.QuerySet[Any]):
    """Questions about single dates. Whatever visitors see starts with ``published``."""

    def published(self) -> "OccurrenceQuerySet":
        """Return the dates that everybody may see, in order, with event and team."""
        owned = self.select_related("event__team", "event__solution_team")
        return owned.filter(of_shown_owner("event__")).in_order()

    def in_order(self) -> "OccurrenceQuerySet":
        """Order them by when they begin."""
        return self.order_by("day", "time", "pk")

    def coming(self) -> "OccurrenceQuerySet":
        """Return those that are not over: a date stays until midnight of its last day."""
        return self.filter(end_day__gte=timezone.localdate())

    def taking_place(self) -> "OccurrenceQuerySet":
        """Leave out what is cancelled, alone or with its event."""
        return self.exclude(change=Change.CANCELLED).filter(event__is_cancelled=False)

    def next_of_each(self) -> "OccurrenceQuerySet":
        """Leave of each event the first of these dates."""
        firsts = self.order_by("event_id", "day", "time", "pk").distinct("event_id")
        return self.filter(pk__in=firsts.values("pk"))

    def past_of(self, year: int) -> "OccurrenceQuerySet":
        """Return those that began in a year and are over, the latest first."""
        over = self.between(date(year, 1, 1), date(year, 12, 31))
        return over.filter(end_day__lt=timezone.localdate()).order_by("-day", "-time", "-pk")

    def to_forget(self) -> list[int]:
        """Return the keys of those that are kept no longer."""
        # Months differ in length: the query allows some extra days, then each is checked.
        before = timezone.localdate() - timedelta(days=30 * rules.MONTHS_KEPT)
        over = self.filter(end_day__lt=before).values_list("pk", "end_day")
        return [key for key, last in over if rules.is_forgotten(last)]

    def between(self, first: date, last: date) -> "OccurrenceQuerySet":
        """Return those that begin between two days, both included."""
        return self.filter(day__range=(first, last))

    def during(self, first: date, last: date) -> "OccurrenceQuerySet":
        """Return those that take place between two days, whenever they begin or end."""
        return self.filter(day__lte=last, end_day__gte=first)

    def about(self, topics: Collection[str]) -> "OccurrenceQuerySet":
        """Return those of solution teams with one of these topics (slugs), or all without any."""
        return self.filter(event__solution_team_id__in=tagged(topics)) if topics else self

    def of(self, owner: Team | SolutionTeam | None) -> "OccurrenceQuerySet":
        """Return those of one team or solution team, or the district's own."""
        is_solution = isinstance(owner, SolutionTeam)
        team, solution_team = (None, owner) if is_solution else (owner, None)
        return self.filter(event__team=team, event__solution_team=solution_team)
