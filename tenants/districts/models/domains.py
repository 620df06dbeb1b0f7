"""The hosts of districts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin

from wiq.database.owned import OwnedRow
from wiq.declared import Leaves
from wiq.submissions.models import new_token


class Domain(OwnedRow, DomainMixin):
    """A host name of a district; one of them is the primary one.

    One without ``verified_at`` is only claimed: the district does not answer there.
    """

    verified_at = models.DateTimeField(
        _("bestätigt am"), null=True, blank=True, default=timezone.now
    )
    # The text of the DNS record that proves a district's own domain (tenants.districts.domains).
    proof = models.CharField(max_length=32, default=new_token, editable=False)

    class Data:
        leaves = Leaves.NEVER
        moves_along = True
        plain = "domain tenant is_primary verified_at owner"
        secrets = "proof"

    class Meta:
        verbose_name = _("Adresse")
        verbose_name_plural = _("Adressen")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(domain__regex=r"^[a-z0-9.-]+$"), name="domain_is_lower_case_ascii"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(is_primary=True), name="domain_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return str(self.domain)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it as its district's: the platform writes what the district reads."""
        if self._state.adding:
            self.owner = self.tenant.schema_name
        super().save(*args, **kwargs)
