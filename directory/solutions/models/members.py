"""The members of solution teams, and which of them visitors see."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.people.dates import active
from directory.people.models import Person
from directory.people.participation import (
    Participation,
    ParticipationQuerySet,
    rules_of_parts,
)
from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.models.teams import SolutionTeam
from wiq.declared import Leaves


class MemberQuerySet(ParticipationQuerySet["SolutionTeamMember"]):
    """Queries on members."""

    def in_public_teams(self) -> "MemberQuerySet":
        """Return today's memberships in solution teams that are not drafts."""
        public = self.filter(active(), solution_team__state__in=PUBLIC_STATES)
        return public.select_related("solution_team").order_by("solution_team__sort_key")


class SolutionTeamMember(Participation):
    """A person's membership in a solution team, for as long as it lasts."""

    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, related_name="members", verbose_name=_("Lösungsteam")
    )
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="solution_memberships",
        verbose_name=_("Person"),
    )

    objects: ClassVar = MemberQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        plain = "role since until position solution_team person"

    class Meta:
        verbose_name = _("Mitglied")
        verbose_name_plural = _("Mitglieder")
        ordering: ClassVar = ["solution_team", "position", "pk"]
        constraints: ClassVar = rules_of_parts(
            "solutionteam_member",
            whole="solution_team",
            taken=_("Diese Person ist schon Mitglied dieses Lösungsteams."),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.solution_team}"
