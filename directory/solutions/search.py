"""Finding solution teams: a folded key that German full text and trigrams both look into.

The key is made here and not by the database, so that "grün", "gruen" and "GRÜN" are one word
however its locale is built (docs/decisions/0007-search.md).
"""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

CONFIG = "german"
SEARCH_MAX = 100
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """Return a text as it is searched and sorted: lower case, German letters written out.

    >>> fold("Grüne Wände – für alle!")
    'gruene waende fuer alle'
    """
    composed = unicodedata.normalize("NFKC", text).lower().translate(_GERMAN)
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", composed)
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[^\W_]+", plain))


def matches(folded: str) -> Q:
    """Return the condition that a key holds these words, in any form, or nearly these letters.

    The first half finds inflected words ("Wand" – "Wände"), the second misspelled and unfinished
    ones ("Recyclingstaton"). Each has an index of its own.
    """
    words = SearchQuery(folded, config=CONFIG, search_type="plain")
    return Q(search_vector=words) | Q(search_key__trigram_word_similar=folded)


def nearness(folded: str) -> Combinable:
    """Return how well a key fits, for sorting what ``matches`` found: a name counts most."""
    words = SearchQuery(folded, config=CONFIG, search_type="plain")
    in_name = TrigramWordSimilarity(folded, "sort_key")
    in_key = TrigramWordSimilarity(folded, "search_key")
    return Coalesce(SearchRank(F("search_vector"), words), Value(0.0)) + in_name * 2 + in_key
