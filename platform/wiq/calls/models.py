"""Pointers to calls that wait: rows in the public schema, without a word of what is sent where.

As with mails (``wiq.outbox``), one table for all districts, so that one statement finds what is
due. A call that is over has no pointer any more; how it ended stands in its district.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from wiq.database.owned import OwnedRow
from wiq.declared import Leaves

# Longer than any try lasts (wiq.calls.client), so that no other worker begins the same one.
LEASE = timedelta(seconds=60)
# A later time was set while a clock was fast, and is ignored.
LONGEST_WAIT = timedelta(hours=2)


class WaitingCallQuerySet(models.QuerySet["WaitingCall"]):
    """Queries on calls. Times come from the database, as the servers' clocks may differ."""

    def due(self) -> "WaitingCallQuerySet":
        """Return those that are due and that no worker has leased."""
        free = Q(leased_until=None) | Q(leased_until__lte=Now())
        late = Q(leased_until__gt=Now() + LEASE * 2)
        return self.filter(free | late, Q(next_at__lte=Now()) | Q(next_at__gt=Now() + LONGEST_WAIT))


class WaitingCall(OwnedRow):
    """Marks a call of a district as waiting to be made."""

    district_id = models.BigIntegerField()
    call_uuid = models.UUIDField(unique=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(db_default=Now())

    objects: ClassVar = WaitingCallQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        moves_along = True
        visitors_see = False
        plain = "district_id call_uuid attempts next_at leased_until waiting_since owner"

    class Meta:
        indexes: ClassVar = [models.Index("next_at", name="waiting_call_due")]

    def __str__(self) -> str:
        return str(self.call_uuid)
