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


def words_query(folded: str) -> SearchQuery:
    """Return the full text query for folded words, each of which may go on."""
    return SearchQuery(
        " & ".join(f"{word}:*" for word in folded.split()), config=CONFIG, search_type="raw"
    )


def matches(folded: str) -> Q:
    """Return the condition that a solution team holds these words, or nearly these letters.

    Words are looked for everywhere, in any form and unfinished ("Wand" – "Wände", "recyc");
    letters in name, topics and place alone ("Recyclingstaton"): comparing them with whole texts
    took 240 ms for 2,000 teams and found what nobody meant. Each half has an index of its own.
    """
    return Q(search_vector=words_query(folded)) | Q(title_key__trigram_word_similar=folded)


def nearness(folded: str) -> Combinable:
    """Return how well a solution team fits, for sorting what ``matches`` found."""
    rank = SearchRank(F("search_vector"), words_query(folded))
    return Coalesce(rank, Value(0.0)) + TrigramWordSimilarity(folded, "title_key")
