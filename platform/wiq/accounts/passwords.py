"""Passwords must not be made of words that everybody here knows, or of the own address."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wiq.tenancy import connection

# The names of the network, its roles and its town; the district's own names are added.
CONTEXT_WORDS = frozenset(
    {
        *("wirimquartier", "quartier", "quartiere", "nachbarschaft", "lösungsteam"),
        *("steuerungsteam", "unterstützungsteam", "projektteam"),
        *("koordination", "redaktion", "leipzig", "eckenwecken", "passwort", "kennwort"),
    }
)
# At least this many characters must remain without those names.
LEFT_OVER = 8
# The ways to type a letter for which some keyboards have no key.
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_TWO_FOR_ONE = {two: one for one, two in _UMLAUTS.items()}
_PARTS = re.compile("|".join((*_TWO_FOR_ONE, ".")))


class ContextWordsValidator:
    """Refuse a password that is little more than names known here, or the own e-mail address.

    However they are spelt: Südviertel, Suedviertel, Sudviertel. OWASP ASVS 5.0, 6.1.2 and 6.2.11.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if too little remains without those names."""
        letters, address = _letters(password), getattr(user, "email", "") or ""
        if address and letters == _letters(address):
            raise ValidationError(
                _("Ihre E-Mail-Adresse eignet sich nicht als Passwort: Andere kennen sie."),
                code="password_is_own_address",
            )
        left = letters
        words = {*CONTEXT_WORDS, *_of_district(), *_words(address)}
        for word in sorted(words, key=len, reverse=True):
            left = re.sub(_in_any_spelling(word), "", left)
        if len(left) < min(LEFT_OVER, len(letters)):
            raise ValidationError(
                _("Dieses Passwort besteht fast nur aus Namen, die hier jeder kennt."),
                code="password_of_known_names",
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return _("Bitte nehmen Sie nicht nur den Namen des Quartiers oder des Netzwerks.")


def _of_district() -> Iterator[str]:
    for name in ("name", "slug", "city"):
        yield from _words(getattr(connection.tenant, name, ""))


def _words(name: str) -> Iterator[str]:
    """Return the words of a name, and all of them as one; short ones are in too many others."""
    for word in (*re.split(r"[\W_]+", name), name):
        if len(letters := _letters(word)) > 3:
            yield letters


def _letters(text: str) -> str:
    small = unicodedata.normalize("NFKC", text.lower())
    return "".join(letter for letter in small if letter.isalnum())


def _in_any_spelling(word: str) -> str:
    """Return a pattern for a word: with umlauts and accents, without, or spelt out."""
    return "".join(f"(?:{'|'.join(_spellings(part))})" for part in _PARTS.findall(word))


def _spellings(part: str) -> list[str]:
    letter = _TWO_FOR_ONE.get(part, part)
    bare = "s" if letter == "ß" else unicodedata.normalize("NFD", letter)[0]
    # The longest first, because a pattern takes the first that fits.
    return [re.escape(way) for way in dict.fromkeys((_UMLAUTS.get(letter, letter), letter, bare))]
