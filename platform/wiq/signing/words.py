"""Signed values that are worth something in one district and for one purpose only."""

from typing import Any, Protocol, cast

from django.core import signing
from django.core.signing import BadSignature, SignatureExpired

from wiq.tenancy import PUBLIC, connection


class KeyHolder(Protocol):
    """A district, as far as signing knows it: the key is its own and moves with it."""

    def signing_key(self) -> bytes:
        """Return the key to sign with, made now where there is none."""

    def known_key(self) -> bytes | None:
        """Return the key that words may be signed with; None where there is none."""


def _holder() -> KeyHolder | None:
    """Return the district whose schema is set; None on the platform, where SECRET_KEY signs.

    Raises RuntimeError in a schema that was set by its name alone: then its key is not known.
    """
    if connection.schema_name == PUBLIC:
        return None
    if not hasattr(connection.tenant, "signing_key"):
        raise RuntimeError(f"schema {connection.schema_name} was set without its district")
    return cast(KeyHolder, connection.tenant)


def sign(purpose: str, value: Any) -> str:
    """Return ``value`` (anything JSON can hold) as a signed, dated word for a link."""
    holder = _holder()
    if holder is None:
        return signing.dumps(value, salt=_salt_of_schema(purpose))
    return signing.dumps(value, key=holder.signing_key(), salt=_salt(purpose))


def unsign(purpose: str, word: str, *, days: int) -> Any:
    """Return what was signed in this district for this purpose.

    Raises django.core.signing.SignatureExpired after so many ``days`` and BadSignature for a word
    that is forged, of another purpose, or of another district.
    """
    seconds = days * 86_400
    holder = _holder()
    key = holder.known_key() if holder is not None else None
    if key is not None:
        try:
            # SECRET_KEY_FALLBACKS are the platform's, not the district's.
            return signing.loads(
                word, key=key, salt=_salt(purpose), max_age=seconds, fallback_keys=[]
            )
        except SignatureExpired:
            raise
        except BadSignature:
            pass
    # On the platform, and in mails from before districts had keys (decision 24).
    return signing.loads(word, salt=_salt_of_schema(purpose), max_age=seconds)


def _salt(purpose: str) -> str:
    # Nothing of the schema: a district that moves has another one, and the key is its own.
    return f"wiq:{purpose}"


def _salt_of_schema(purpose: str) -> str:
    return f"wiq:{connection.schema_name}:{purpose}"
