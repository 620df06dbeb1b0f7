"""Signed values that are valid in one district and for one purpose only."""

from typing import Any, Protocol, cast

from django.core import signing
from django.core.signing import BadSignature, SignatureExpired

from wiq.tenancy import PUBLIC, connection


class KeyHolder(Protocol):
    """What signing needs of a district: its own key, which moves with it."""

    def signing_key(self) -> bytes:
        """Return the key to sign with; create it if there is none."""

    def known_key(self) -> bytes | None:
        """Return the key to check signatures with; None if there is none."""


def _holder() -> KeyHolder | None:
    """Return the current district; None on the platform, where SECRET_KEY signs.

    Raises RuntimeError in a schema that was set by name, because its key is unknown.
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
    """Return the value that was signed in this district for this purpose.

    Raises django.core.signing.SignatureExpired after ``days``, and BadSignature for a word that is
    forged or was signed for another purpose or district.
    """
    seconds = days * 86_400
    holder = _holder()
    key = holder.known_key() if holder is not None else None
    if key is not None:
        try:
            # SECRET_KEY_FALLBACKS belong to the platform, not to the district.
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
    # Without the schema's name, which changes when a district moves; its key is enough.
    return f"wiq:{purpose}"


def _salt_of_schema(purpose: str) -> str:
    return f"wiq:{connection.schema_name}:{purpose}"
