"""Pointers to waiting mails: rows in the public schema, without personal data.

All districts share one table, so that one statement finds everything that is due.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wiq.database.owned import OwnedRow
from wiq.declared import Leaves
from wiq.outbox.times import LONGEST_LEASE, LONGEST_WAIT, STUCK_AFTER, TOLD_AFTER


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
        """Return the mails that were given up, failed three times, or wait for too long.

        While the mail server takes nothing, most mails wait without a try of their own.
        """
        return self.filter(
            Q(state=State.DEAD)
            | Q(state=State.PENDING, attempts__gte=3)
            | Q(state=State.PENDING, waiting_since__lte=Now() - STUCK_AFTER)
        )

    def due(self) -> "PointerQuerySet":
        """Return the pointers that are due and that no worker has leased."""
        return self.untried().filter(
            Q(next_at__lte=Now()) | Q(next_at__gt=Now() + LONGEST_WAIT), state=State.PENDING
        )


class Pointer(OwnedRow):
    """Marks a mail of a district (or, without one, of the platform) as waiting to be sent."""

    district_id = models.BigIntegerField(null=True, blank=True)
    message_uuid = models.UUIDField(unique=True)
    # An HMAC of the recipient's domain: which mails are held up together, without saying by whom.
    domain = models.CharField(max_length=32, blank=True, db_default="")
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
        moves_along = True
        visitors_see = False
        plain = (
            "district_id message_uuid domain state attempts next_at leased_until lease "
            "last_error waiting_since done_at owner"
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


class TroubleQuerySet(models.QuerySet["Trouble"]):
    """Queries on what keeps the mail server from taking mails of ours."""

    def told(self) -> "Trouble | None":
        """Return the trouble of which the operator was told."""
        return self.filter(is_told=True).first()

    def untold(self) -> "TroubleQuerySet":
        """Return the trouble if it lasts and nobody was told yet."""
        return self.filter(is_told=False, tries__gte=TOLD_AFTER)

    def holding(self) -> "TroubleQuerySet":
        """Return the trouble if all mails wait for its end."""
        return self.filter(holds_all=True)

    def due(self) -> "TroubleQuerySet":
        """Return the trouble if one mail may find out whether it is over."""
        return self.holding().filter(Q(retry_at__lte=Now()) | Q(retry_at__gt=Now() + LONGEST_LEASE))


class Trouble(models.Model):
    """What the mail server has against us: one row while it takes no mail, none otherwise.

    It is about the whole platform, so one mail at a time asks whether it is over.
    """

    ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONE)
    since = models.DateTimeField(db_default=Now())
    # The reason in our words, and the server's own, without addresses.
    reason = models.CharField(max_length=120)
    words = models.CharField(max_length=250, blank=True)
    # Tries one after the other; what was on its way at the same moment counts as one.
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(db_default=Now())
    # Whether it is sure that the next mail would be refused as well.
    holds_all = models.BooleanField(default=False)
    last_pointer = models.BigIntegerField(default=0)
    is_told = models.BooleanField(default=False)

    objects: ClassVar = TroubleQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "since reason words tries tried_at retry_at holds_all last_pointer is_told"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="outbox_one_trouble"),
        ]

    def __str__(self) -> str:
        return self.words or self.reason


class Mailbox(models.Model):
    """When mails were written because somebody typed an address (wiq.outbox.budget).

    Districts neither read nor write it; a function of the owner counts for them.
    """

    # An HMAC of mailbox and purpose.
    key = models.CharField(max_length=64, primary_key=True)
    sent = ArrayField(models.DateTimeField())

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "key sent"

    def __str__(self) -> str:
        return self.key
