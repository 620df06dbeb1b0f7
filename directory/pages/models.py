"""Texts of a district that are no page of their own: glossary, checklist, templates to copy."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class TextKind(models.TextChoices):
    """What a text is for."""

    GLOSSARY = "glossary", _("Wort im Glossar")
    CHECKLIST = "checklist", _("Punkt der Checkliste")
    MAIL = "mail", _("Vorlage für eine Mail")
    LEGAL = "legal", _("Vorlage für einen Rechtstext")


class TextQuerySet(models.QuerySet["Text"]):
    """Questions about texts."""

    def of(self, kind: TextKind) -> "TextQuerySet":
        """Return the texts of one kind in their order."""
        return self.filter(kind=kind).order_by("position", "title")

    def glossary(self) -> "TextQuerySet":
        """Return the words of the glossary, by the alphabet."""
        return self.filter(kind=TextKind.GLOSSARY).order_by("title")


class Text(models.Model):
    """A word of the glossary, a point of the checklist, or a template."""

    kind = models.CharField(_("Art"), max_length=10, choices=TextKind)
    slug = models.SlugField(_("Kurzname"), max_length=60, unique=True)
    title = models.CharField(_("Überschrift"), max_length=120)
    body = models.TextField(_("Text"), validators=[MaxLengthValidator(8000)])
    body_en = models.TextField(
        _("Text (Englisch)"), blank=True, validators=[MaxLengthValidator(8000)]
    )
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )
    done_on = models.DateField(_("erledigt am"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TextQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "kind slug title body body_en position done_on created_at updated_at"

    class Meta:
        verbose_name = _("Text")
        verbose_name_plural = _("Texte")
        ordering: ClassVar = ["kind", "position", "title", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=TextKind.values), name="text_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_here(self) -> str:
        """The word of ours in the reader's language; empty for one of the district's own."""
        translated = gettext(self.title)
        return translated if translated != self.title else ""
