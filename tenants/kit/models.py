"""The transfer kit: numbered versions of a new district's contents, and who took which."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class ItemKind(models.TextChoices):
    """The kinds of items: what an item becomes in a district."""

    TEAM = "team", _("Team")
    TOPIC = "topic", _("Fokus")
    GLOSSARY = "glossary", _("Wort im Glossar")
    CHECKLIST = "checklist", _("Punkt der Checkliste")
    MAIL = "mail", _("Vorlage für eine E-Mail")
    LEGAL = "legal", _("Vorlage für einen Rechtstext")
    SYNONYMS = "synonyms", _("Wörter für die Suche")


class KitVersionQuerySet(models.QuerySet["KitVersion"]):
    """Queries on versions."""

    def current(self) -> "KitVersion | None":
        """Return the newest released version."""
        return self.filter(released_at__isnull=False).order_by("-number").first()

    def begun(self) -> "KitVersion | None":
        """Return the version that is not released yet; there is one at the most."""
        return self.filter(released_at__isnull=True).first()


class KitVersion(models.Model):
    """A version of the kit. Once released, it no longer changes."""

    number = models.PositiveIntegerField(_("Nummer"), unique=True)
    notes = models.TextField(_("Was ist neu?"), blank=True)
    created_at = models.DateTimeField(_("begonnen am"), auto_now_add=True)
    released_at = models.DateTimeField(_("veröffentlicht am"), null=True, editable=False)

    objects: ClassVar = KitVersionQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "number notes created_at released_at"

    class Meta:
        verbose_name = _("Fassung des Startpakets")
        verbose_name_plural = _("Startpaket")
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return str(_("Fassung %d")) % self.number


class KitItem(models.Model):
    """One item of a version; in the next version it has the same key."""

    version = models.ForeignKey(KitVersion, models.CASCADE, related_name="items")
    key = models.SlugField(_("Kurzname"), max_length=60)
    kind = models.CharField(_("Art"), max_length=10, choices=ItemKind)
    title = models.CharField(_("Überschrift"), max_length=120)
    text = models.TextField(_("Text"), blank=True)
    text_en = models.TextField(_("Text auf Englisch"), blank=True)
    # Further data by kind: a team's abbreviation and seats, a checklist item's position.
    data = models.JSONField(_("weitere Angaben"), default=dict, blank=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "version key kind title text text_en data"

    class Meta:
        verbose_name = _("Teil des Startpakets")
        verbose_name_plural = _("Teile des Startpakets")
        ordering: ClassVar = ["kind", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="kit_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Taken(models.Model):
    """A district's choice to take or leave an item: which version, with the text's fingerprint."""

    district_id = models.BigIntegerField(db_index=True)
    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    # The fingerprint of the text when it was taken; empty if the district did not want it.
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Data:
        leaves = Leaves.NEVER
        moves_along = True
        visitors_see = False
        plain = "district_id key version digest at"

    class Meta:
        verbose_name = _("Übernommenes")
        verbose_name_plural = _("Übernommenes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "key"], name="kit_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.key}"
