"""Words that a password must not consist of: those an attacker would try first here."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wiq.tenancy import connection

# The names of the network, its roles and its town; the district's own name is added.
CONTEXT_WORDS = frozenset(
    {
        *("wirimquartier", "quartier", "quartiere", "nachbarschaft", "loesungsteam", "lösungsteam"),
        *("steuerungsteam", "unterstützungsteam", "unterstuetzungsteam", "projektteam"),
        *("koordination", "redaktion", "leipzig", "eckenwecken", "passwort", "kennwort"),
    }
)
# At least this many characters must remain without those names.
LEFT_OVER = 8


class ContextWordsValidator:
    """Refuse a password that is little more than names of the network or of the district.

    OWASP ASVS 5.0, 6.1.2 and 6.2.11.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if too little remains without those names."""
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
