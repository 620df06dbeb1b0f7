"""Which incoming mails were taken, so that the same mail twice is taken once."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from wiq.declared import Leaves

# Longer than any server tries to deliver a mail, and than a mailbox is read a second time.
REMEMBERED = timedelta(days=400)


class TakenQuerySet(models.QuerySet["Taken"]):
    """Queries on mails that were taken."""

    def old(self) -> "TakenQuerySet":
        """Return those that nobody delivers again."""
        return self.filter(at__lt=Now() - REMEMBERED)


class Taken(models.Model):
    """A mail that was taken: a digest of it and what became of it, no word of its content."""

    digest = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=10)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar = TakenQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "digest outcome at"

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.outcome}"
