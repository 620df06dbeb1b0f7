"""What was erased or withdrawn in a district, as marks that name nobody."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from wiq.declared import Leaves


class Erasure(models.Model):
    """One erasure, written in its transaction. ``mark`` is an HMAC of what was erased.

    A backup made before lacks the row; the ledger outside the backups has it, and so it is done
    again after a restore (docs/decisions/0062-erasure-ledger.md).
    """

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    # When the ledger had it; empty as long as it could not be written.
    written_at = models.DateTimeField(null=True, blank=True)

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "uuid kind mark at"
        derived = "written_at"

    class Meta:
        ordering: ClassVar = ["at", "uuid"]
        indexes: ClassVar = [
            models.Index(
                "uuid", name="erasure_unwritten", condition=models.Q(written_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
