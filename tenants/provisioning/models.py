"""The template of a district's schema, and the orders for new districts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateStatement(models.Model):
    """One SQL statement of the template; the first is a comment that says its version."""

    position = models.PositiveIntegerField(primary_key=True)
    words = models.TextField()

    class Meta:
        verbose_name = _("Anweisung der Vorlage")
        verbose_name_plural = _("Vorlage")
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.words[:60]
