"""What districts share with each other."""

from typing import ClassVar

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from tenants.districts.models import District, State
from wiq.declared import Leaves


class SharedSolutionQuerySet(models.QuerySet["SharedSolution"]):
    """Queries on the catalogue."""

    def shown(self) -> "SharedSolutionQuerySet":
        """Return what everybody may see: entries of public districts."""
        return self.filter(district__state=State.PUBLISHED).select_related("district")


class SharedSolution(models.Model):
    """The catalogue's entry of a solution team that its district lets others copy."""

    district = models.ForeignKey(District, models.CASCADE, related_name="shared_solutions")
    slug = models.SlugField(max_length=80)
    name = models.CharField(_("Name"), max_length=150)
    challenge = models.TextField(_("Herausforderung"), blank=True)
    approach = models.TextField(_("Lösungsansatz"), blank=True)
    topics = models.JSONField(_("Fokus"), default=list)
    # How often it meets: ``title``, ``rule`` (an RRULE without end) and ``time`` of each series.
    rhythms = models.JSONField(_("Wie oft"), default=list, db_default=Value([], models.JSONField()))
    shared_at = models.DateTimeField(_("geteilt am"), auto_now_add=True)

    objects: ClassVar = SharedSolutionQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        # Shared with the districts of this platform; in another it has to be shared anew.
        moves_along = False
        plain = "district slug name challenge approach topics rhythms shared_at"

    class Meta:
        # The districts' room created this table; an older version may still run beside this one.
        db_table = "districts_sharedsolution"
        verbose_name = _("Lösung zum Nachmachen")
        verbose_name_plural = _("Lösungen zum Nachmachen")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "slug"], name="shared_once"),
        ]

    def __str__(self) -> str:
        return self.name
