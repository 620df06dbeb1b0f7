"""Signed values that are worth something in one district and for one purpose only."""

from typing import Any

from django.core import signing

from wiq.tenancy import connection


def _salt(purpose: str) -> str:
    return f"wiq:{connection.schema_name}:{purpose}"


def sign(purpose: str, value: Any) -> str:
    """Return ``value`` (anything JSON can hold) as a signed, dated word for a link."""
    return signing.dumps(value, salt=_salt(purpose))


def unsign(purpose: str, word: str, *, days: int) -> Any:
    """Return what was signed in this district for this purpose.

    Raises django.core.signing.SignatureExpired after ``days`` and BadSignature for a word
    that is forged, of another purpose, or of another district.
    """
    return signing.loads(word, salt=_salt(purpose), max_age=days * 86_400)
