"""The audit log: who did what, when. Rows are added, never changed."""

from typing import ClassVar

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves

# How long the log names who did something; the function that takes names out reads it
# (tenants.provisioning.functions).
NAMES_KEPT_MONTHS = 24


class Entry(models.Model):
    """One entry of this schema's log. It names objects by number, not by their content."""

    at = models.DateTimeField(_("wann"), auto_now_add=True, db_index=True)
    actor = models.CharField(_("wer"), max_length=254, blank=True)
    action = models.CharField(_("was"), max_length=60)
    target_type = models.CharField(_("woran"), max_length=60, blank=True)
    target_id = models.CharField(_("Nummer"), max_length=40, blank=True)
    details = models.JSONField(_("Einzelheiten"), default=dict, blank=True)

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "at action target_type target_id"
        personal = "actor details"

    class Meta:
        verbose_name = _("Protokolleintrag")
        verbose_name_plural = _("Protokoll")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index("target_type", "target_id", name="audit_target")]

    def __str__(self) -> str:
        return date_format(localtime(self.at), "DATETIME_FORMAT")
