"""Somebody's part in a team or a solution team, for as long as it lasts: what both have alike."""

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.people.choices import ConsentScope
from directory.people.consents import agreed
from directory.people.dates import active

Part = TypeVar("Part", bound="Participation")


class ParticipationQuerySet(models.QuerySet[Part]):
    """Questions about who takes part."""

    def shown(self) -> Self:
        """Return today's members who agreed to be shown, with ``portrait_shown``."""
        return (
            self.filter(active(), agreed(ConsentScope.PROFILE, "person"))
            .annotate(portrait_shown=agreed(ConsentScope.PORTRAIT, "person"))
            .select_related("person")
            .order_by("position", "person__name", "pk")
        )


class Participation(models.Model):
    """Role, duration and order; the person and the team stand in the tables themselves."""

    role = models.CharField(_("Rolle"), max_length=120, blank=True)
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )

    class Meta:
        abstract = True
