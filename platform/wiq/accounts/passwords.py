"""What a password must not be made of: the words that everybody would try first here."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wiq.tenancy import connection

# The names of the network, its roles and its town; the district's own name comes on top.
CONTEXT_WORDS = frozenset(
    {
        *("wirimquartier", "quartier", "quartiere", "nachbarschaft", "loesungsteam", "lösungsteam"),
        *("steuerungsteam", "unterstützungsteam", "unterstuetzungsteam", "projektteam"),
        *("koordination", "redaktion", "leipzig", "eckenwecken", "passwort", "kennwort"),
    }
)
# So much of a password must be something else.
LEFT_OVER = 8


class ContextWordsValidator:
    """Refuse a password that is little more than names of the network or of the district.

    OWASP ASVS 5.0, 6.1.2 and 6.2.11.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where too little is left without those names."""
        left = _letters(password)
        for word in sorted(CONTEXT_WORDS | self._of_district(), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < min(LEFT_OVER, len(_letters(password))):
            raise ValidationError(
                _("Dieses Passwort besteht fast nur aus Namen, die hier jeder kennt."),
                code="password_of_known_names",
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return _("Bitte nehmen Sie nicht nur den Namen des Quartiers oder des Netzwerks.")

    @staticmethod
    def _of_district() -> set[str]:
        name = getattr(connection.tenant, "name", "")
        return {word for word in re.split(r"\W+", name.lower()) if len(word) > 3}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
