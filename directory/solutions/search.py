"""Finding solution teams: German full-text search and trigrams on the same folded key.

Python makes the key, not the database, so that "grün", "gruen" and "GRÜN" are the same word with
any database locale (docs/decisions/0007-search.md).
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
    """Return a text for searching and sorting: in lower case, with umlauts written out.

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
    """Return the full-text query for folded words, each of which may be a prefix."""
    return SearchQuery(
        " & ".join(f"{word}:*" for word in folded.split()), config=CONFIG, search_type="raw"
    )


def matches(folded: str) -> Q:
    """Return the condition that a solution team contains these words or similar spellings.

    Words are searched everywhere, in any form and unfinished ("Wand" – "Wände", "recyc").
    Similar spellings ("Recyclingstaton") are searched only in name, topics and place: comparing
    whole texts took 240 ms for 2,000 teams and found what nobody meant. Both have an index.
    """
    return Q(search_vector=words_query(folded)) | Q(title_key__trigram_word_similar=folded)


def nearness(folded: str) -> Combinable:
    """Return how well a solution team matches, to sort what ``matches`` found."""
    rank = SearchRank(F("search_vector"), words_query(folded))
    return Coalesce(rank, Value(0.0)) + TrigramWordSimilarity(folded, "title_key")
