"""Who of the team is away."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class Absence(models.Model):
    """Somebody of the team who is away until a day: nothing is given to them before it."""

    account = models.BigIntegerField(unique=True)
    # The first day on which they are back.
    until = models.DateField(_("wieder da am"))

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "account until"

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d}"
