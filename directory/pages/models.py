"""A district's texts that share a page: glossary, checklist, templates to copy."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class TextKind(models.TextChoices):
    """The kinds of texts."""

    GLOSSARY = "glossary", _("Wort im Glossar")
    CHECKLIST = "checklist", _("Punkt der Checkliste")
    MAIL = "mail", _("Vorlage für eine E-Mail")
    LEGAL = "legal", _("Vorlage für einen Rechtstext")


class TextQuerySet(models.QuerySet["Text"]):
    """Queries on texts."""

    def of(self, kind: TextKind) -> "TextQuerySet":
        """Return the texts of one kind, in order."""
        return self.filter(kind=kind).order_by("position", "title")

    def glossary(self) -> "TextQuerySet":
        """Return the words of the glossary, in alphabetical order."""
        return self.filter(kind=TextKind.GLOSSARY).order_by("title")


class Text(models.Model):
    """A word in the glossary, an item of the checklist, or a template."""

    kind = models.CharField(_("Art"), max_length=10, choices=TextKind)
    slug = models.SlugField(_("Kurzname"), max_length=60, unique=True)
    title = models.CharField(_("Überschrift"), max_length=120)
    body = models.TextField(_("Text"), validators=[MaxLengthValidator(8000)])
    body_en = models.TextField(
        _("Text auf Englisch"), blank=True, validators=[MaxLengthValidator(8000)]
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
        """The title of a built-in word in the reader's language; empty for a district's own."""
        translated = gettext(self.title)
        return translated if translated != self.title else ""
