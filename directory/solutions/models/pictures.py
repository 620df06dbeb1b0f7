"""Pictures of solution teams."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.solutions.models.teams import SolutionTeam
from wiq.declared import Leaves


class Picture(models.Model):
    """A picture on a solution team's page, with a description for people who can't see it."""

    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, related_name="pictures", verbose_name=_("Lösungsteam")
    )
    image = models.ImageField(
        _("Bild"), upload_to="pictures/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt = models.CharField(
        _("Bildbeschreibung"),
        max_length=200,
        help_text=_("Was ist auf dem Bild zu sehen? Für Menschen, die es nicht sehen können."),
    )
    caption = models.CharField(_("Bildunterschrift"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )

    class Data:
        leaves = Leaves.ALWAYS
        plain = "solution_team image width height alt caption position"

    class Meta:
        verbose_name = _("Bild")
        verbose_name_plural = _("Bilder")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt
