"""Words that mean the same in a district: whoever looks for "Klo" finds "Toilette"."""

from collections.abc import Iterable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.people.models import SLUG_LENGTH
from directory.solutions.search import fold
from wiq.declared import Leaves

WORDS_MAX = 300


def alike(kept: Iterable[str]) -> dict[str, list[str]]:
    """Return for each folded word what else to look for, folded as well.

    >>> alike(["Klo, WC"])
    {'klo': ['wc'], 'wc': ['klo']}
    """
    found: dict[str, list[str]] = {}
    for words in kept:
        same = [folded for word in words.split(",") if (folded := fold(word))]
        for word in same:
            found.setdefault(word, []).extend(one for one in same if one != word)
    return found


class SynonymsQuerySet(models.QuerySet["Synonyms"]):
    """Questions about words that mean the same."""

    def of_words(self) -> dict[str, list[str]]:
        """Return for each folded word what else to look for, folded as well."""
        return alike(self.values_list("words", flat=True))


class Synonyms(models.Model):
    """A few words that mean the same for the search; kept at the desk, some come with the kit."""

    slug = models.SlugField(_("Kurzname"), max_length=SLUG_LENGTH, unique=True, editable=False)
    words = models.CharField(
        _("Wörter mit derselben Bedeutung"),
        max_length=WORDS_MAX,
        help_text=_("Mit Komma dazwischen, zum Beispiel: Klo, WC, Toilette."),
    )

    objects: ClassVar = SynonymsQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "slug words"

    class Meta:
        verbose_name = _("Wörter, die dasselbe meinen")
        verbose_name_plural = _("Wörter, die dasselbe meinen")
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Require two words, separated by a comma."""
        if len({fold(word) for word in self.words.split(",") if fold(word)}) < 2:
            raise ValidationError({"words": _("Bitte nennen Sie mindestens zwei Wörter.")})
