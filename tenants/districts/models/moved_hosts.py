"""Where a district answers that has moved to another installation."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class MovedHost(models.Model):
    """A host of a district that has moved to another installation, and where it answers now.

    Posters and old mails name it, so nobody else gets it. The row goes when the district returns.
    """

    host = models.CharField(_("frühere Adresse"), max_length=253, unique=True)
    # Scheme and host, without a path.
    target = models.CharField(_("jetzt"), max_length=300)
    # By what the district is known again: the name of its key (wiq.erasures).
    key_name = models.CharField(max_length=16, editable=False)
    since = models.DateTimeField(_("seit"), auto_now_add=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "host target key_name since"

    class Meta:
        verbose_name = _("Adresse eines umgezogenen Quartiers")
        verbose_name_plural = _("Adressen umgezogener Quartiere")
        ordering: ClassVar = ["host"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(host__regex=r"^[a-z0-9.-]+$"), name="moved_host_is_lower_case_ascii"
            ),
        ]

    def __str__(self) -> str:
        return self.host
