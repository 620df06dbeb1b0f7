"""Finding solution teams: German full-text search and trigrams on the same folded key.

Python makes the key, not the database, so that "grün", "gruen" and "GRÜN" are the same word with
any database locale (docs/decisions/0007-search.md).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from operator import and_

import snowballstemmer
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramStrictWordSimilarity
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

CONFIG = "german"
SEARCH_MAX = 100
_GERMAN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss",
    # Letters that Unicode does not take apart: Łódź, Işık, Ørsted.
    "ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
})  # fmt: skip
# A compound has a modifier of three letters at least and a head of four: Klein-gart(en).
_MODIFIER, _HEAD = 3, 4
# Heads that are shorter, and common enough to be worth a wrong guess.
_SHORT_HEADS = frozenset({"rad", "hof", "bad", "tor", "uhr", "eis", "bus", "caf"})
# What stands before a verb and makes no compound: Verstand has nothing to do with a Stand.
_NO_MODIFIERS = frozenset(
    [
        "ver",
        "ent",
        "zer",
        "auf",
        "aus",
        "ein",
        "vor",
        "nach",
        "unter",
        "ueber",
        "wider",
        "gegen",
        "mit",
        "her",
        "hin",
        "miss",
        "voll",
        "bei",
        "durch",
        "zurueck",
        "zusammen",
        "unver",
        "unge",
        "tran",
    ]
)
# Endings of words, not words: -schaft, -heit, -keit, -ung and what stands before it.
_NO_HEADS = re.compile(
    r"^(?:schaft|haft|heit|keit|igkeit|lich|isch|ismus|itat|ation|tion|ment|.{0,3}ung|.{0,2}ier|ling|nis|sam|chen|lein)$"
)
# Misspelled words are forgiven from this length on; shorter ones look like too many others.
_FORGIVEN = 5
# Long enough to be looked for one by one, and yet without a meaning of their own.
_EMPTY_WORDS = frozenset(
    [
        "alle",
        "aber",
        "auch",
        "beim",
        "dann",
        "dass",
        "dein",
        "denn",
        "dies",
        "diese",
        "dieser",
        "dieses",
        "durch",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "euch",
        "euer",
        "fuer",
        "gegen",
        "haben",
        "hatte",
        "hier",
        "ihre",
        "ihrem",
        "ihren",
        "ihrer",
        "kann",
        "kein",
        "keine",
        "mein",
        "meine",
        "nach",
        "nicht",
        "noch",
        "oder",
        "ohne",
        "sehr",
        "sein",
        "seine",
        "sich",
        "sind",
        "ueber",
        "unser",
        "unsere",
        "unter",
        "viel",
        "vom",
        "waren",
        "wenn",
        "werden",
        "wird",
        "wurde",
        "zwischen",
        "with",
        "from",
        "your",
        "about",
    ]
)
_STEMMER = snowballstemmer.stemmer("german")


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


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word: "gaerten" and "garten" have the same (Snowball)."""
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=20_000)
def heads(word: str) -> tuple[str, ...]:
    """Return the stems that a folded word may end with, if it is a compound.

    Dictionaries of German compounds weigh 25 to 185 MB and miss what is new or local
    (docs/decisions/0007-search.md), so every ending that could be a word is one; nobody looks
    for those that are none.

    >>> "baum" in heads("strassenbaeume")
    True
    """
    whole = stem(word)
    if not word.isalpha() or len(whole) < _MODIFIER + _HEAD - 1:
        return ()
    return tuple(_endings(whole))


def _endings(whole: str) -> Iterator[str]:
    for border in range(_MODIFIER, len(whole) - 2):
        modifier, head = whole[:border], whole[border:]
        if len(head) < _HEAD and head not in _SHORT_HEADS:
            continue
        if modifier in _NO_MODIFIERS or _NO_HEADS.match(head):
            continue
        if re.search("[aeiouy]", head) and re.search("[aeiouy]", modifier):
            yield head


def key(texts: Iterable[str]) -> str:
    """Return what is compared with a search: the words of texts, and the heads of compounds."""
    words = fold(" ".join(texts)).split()
    more = dict.fromkeys(head for word in words for head in heads(word))
    return " ".join([*words, *more])


def words_query(folded: str, synonyms: Mapping[str, Collection[str]] | None = None) -> SearchQuery:
    """Return the full-text query for folded words, each of which may be a prefix.

    ``synonyms`` are the folded words and phrases that mean the same as one of them.
    """
    known = synonyms or {}
    words = [_one_of(word, known.get(word, ())) for word in folded.split()]
    return SearchQuery(" & ".join(words), config=CONFIG, search_type="raw")


def _one_of(word: str, others: Collection[str]) -> str:
    phrases = [" <-> ".join(other.split()) for other in others]
    return f"({' | '.join([f'{word}:*', *(f'({one}:*)' for one in phrases)])})"


def matches(folded: str, synonyms: Mapping[str, Collection[str]]) -> Q:
    """Return the condition that a solution team contains these words or similar spellings.

    Words are searched everywhere, in any form and unfinished ("Wand" – "Wände", "recyc").
    Similar spellings ("Recyclingstaton") are searched word by word, and only in name, topics and
    place: comparing whole texts took 240 ms for 2,000 teams and found what nobody meant. Both
    have an index.
    """
    found = Q(search_vector=words_query(folded, synonyms))
    told = [word for word in folded.split() if len(word) >= _HEAD and word not in _EMPTY_WORDS]
    if not any(len(word) >= _FORGIVEN for word in told):
        return found
    return found | reduce(and_, [_like(word, synonyms) for word in told])


def _like(word: str, synonyms: Mapping[str, Collection[str]]) -> Q:
    found = Q(search_vector=words_query(word, synonyms))
    if len(word) < _FORGIVEN:
        return found
    return found | Q(title_key__trigram_strict_word_similar=word)


def nearness(folded: str, synonyms: Mapping[str, Collection[str]]) -> Combinable:
    """Return how well a solution team matches, to sort what ``matches`` found."""
    rank = SearchRank(F("search_vector"), words_query(folded, synonyms))
    return Coalesce(rank, Value(0.0)) + TrigramStrictWordSimilarity(folded, "title_key")
