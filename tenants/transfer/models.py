"""Imported files, so that importing the same file twice gives one district."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class Import(models.Model):
    """A file that was imported as a district."""

    digest = models.CharField(max_length=64)
    slug = models.CharField(max_length=40)
    district_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = "digest slug district_id at"

    class Meta:
        verbose_name = _("Übernahme einer Datei")
        verbose_name_plural = _("Übernahmen von Dateien")

    def __str__(self) -> str:
        return self.slug
