"""How others see a district as a sender: what came back, who complained, who is slowed."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wiq.database.owned import OwnedRow
from wiq.declared import Leaves

# Providers look at days and weeks; sent news are kept for a week, so nothing older is counted.
WINDOW = timedelta(days=7)


class Kind(models.TextChoices):
    """What others reported of a mail."""

    BOUNCE = "bounce", _("zurückgekommen")
    COMPLAINT = "complaint", _("als Spam gemeldet")


class ReportQuerySet(models.QuerySet["Report"]):
    """Queries on reports."""

    def recent(self) -> "ReportQuerySet":
        """Return those that count."""
        return self.filter(at__gte=Now() - WINDOW)

    def old(self) -> "ReportQuerySet":
        """Return those that no longer count."""
        return self.filter(at__lt=Now() - 5 * WINDOW)


class Report(OwnedRow):
    """One mail of a district (or, without one, of the platform) that somebody reported.

    No word of whose and which: that stands in the district.
    """

    district_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar = ReportQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        # About the addresses and servers from which this installation sends.
        moves_along = False
        visitors_see = False
        plain = "district_id kind at owner"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="reputation_kind_known"),
        ]
        indexes: ClassVar = [models.Index("district_id", "at", name="reputation_recent")]

    def __str__(self) -> str:
        return f"{self.district_id} {self.kind}"


class Slowed(OwnedRow):
    """A district whose mails go out slowly, because too many came back or were called spam."""

    district_id = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField(db_default=Now())
    # When its next mail may go out.
    next_at = models.DateTimeField(db_default=Now())

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = "district_id kind since next_at owner"

    def __str__(self) -> str:
        return f"{self.district_id} {self.kind}"
