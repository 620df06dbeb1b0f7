"""Who is in a solution team, and whom of them visitors see."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.people.choices import ConsentScope
from directory.people.consents import agreed
from directory.people.dates import active
from directory.people.models import Person
from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.models.teams import SolutionTeam


class MemberQuerySet(models.QuerySet["SolutionTeamMember"]):
    """Questions about members."""

    def shown(self) -> "MemberQuerySet":
        """Return today's members who agreed to be shown, with ``portrait_shown``."""
        return (
            self.filter(active(), agreed(ConsentScope.PROFILE, "person"))
            .annotate(portrait_shown=agreed(ConsentScope.PORTRAIT, "person"))
            .select_related("person")
            .order_by("position", "person__name", "pk")
        )

    def in_public_teams(self) -> "MemberQuerySet":
        """Return today's memberships in solution teams that are not drafts."""
        public = self.filter(active(), solution_team__state__in=PUBLIC_STATES)
        return public.select_related("solution_team").order_by("solution_team__sort_key")


class SolutionTeamMember(models.Model):
    """Somebody's part in a solution team, for as long as it lasts."""

    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, related_name="members", verbose_name=_("Lösungsteam")
    )
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="solution_memberships",
        verbose_name=_("Person"),
    )
    role = models.CharField(_("Rolle"), max_length=120, blank=True)
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )

    objects: ClassVar = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitglied")
        verbose_name_plural = _("Mitglieder")
        ordering: ClassVar = ["solution_team", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["solution_team", "person"],
                condition=Q(until__isnull=True),
                name="solutionteam_member_open_once",
                violation_error_message=_("Diese Person ist schon Mitglied dieses Lösungsteams."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="solutionteam_member_ends_after_it_began",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.solution_team}"
