"""Pointers to waiting mails: rows in the public schema, without personal data.

All districts share one table, so that one statement finds everything that is due.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves
from wiq.outbox.times import LONGEST_LEASE, LONGEST_WAIT


class State(models.TextChoices):
    """The state of a mail's delivery."""

    PENDING = "pending", _("wartet")
    SENT = "sent", _("verschickt")
    DEAD = "dead", _("nicht zustellbar")


class PointerQuerySet(models.QuerySet["Pointer"]):
    """Queries on the outbox. Times come from the database, as the servers' clocks may differ."""

    def untried(self) -> "PointerQuerySet":
        """Return the pointers that no worker holds a lease on."""
        return self.filter(
            Q(leased_until__isnull=True)
            | Q(leased_until__lte=Now())
            | Q(leased_until__gt=Now() + LONGEST_LEASE)
        )

    def stuck(self) -> "PointerQuerySet":
        """Return the mails that were given up or failed at least three times."""
        return self.filter(Q(state=State.DEAD) | Q(state=State.PENDING, attempts__gte=3))

    def due(self) -> "PointerQuerySet":
        """Return the pointers that are due and that no worker has leased."""
        return self.untried().filter(
            Q(next_at__lte=Now()) | Q(next_at__gt=Now() + LONGEST_WAIT), state=State.PENDING
        )


class Pointer(models.Model):
    """Marks a mail of a district (or, without one, of the platform) as waiting to be sent."""

    district_id = models.BigIntegerField(null=True, blank=True)
    message_uuid = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    last_error = models.CharField(max_length=120, blank=True)
    waiting_since = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PointerQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = (
            "district_id message_uuid state attempts next_at leased_until lease "
            "last_error waiting_since done_at"
        )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="outbox_state_known"),
        ]
        indexes: ClassVar = [
            models.Index("next_at", name="outbox_due", condition=Q(state=State.PENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.message_uuid} {self.state}"
