"""Districts' signing keys: random bytes, encrypted with a key derived from SECRET_KEY."""

import secrets
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

LENGTH = 32


def new() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(LENGTH)


def locked(key: bytes) -> str:
    """Return a key encrypted for the database."""
    return _lock().encrypt(key).decode()


def opened(kept: str) -> bytes | None:
    """Return the decrypted key; None if empty or encrypted with another SECRET_KEY."""
    try:
        return _lock().decrypt(kept)
    except InvalidToken:
        return None


def relocked(kept: str) -> str:
    """Return a kept key encrypted with the current SECRET_KEY.

    One that is so already, or that no known SECRET_KEY decrypts, is returned as it is.
    """
    try:
        made_of(settings.SECRET_KEY, "keys of districts").decrypt(kept)
    except InvalidToken:
        key = opened(kept)
        return locked(key) if key is not None else kept
    return kept


def _lock() -> MultiFernet:
    return lock_for("keys of districts")


def lock_for(purpose: str) -> MultiFernet:
    """Return what encrypts for one purpose and decrypts with former SECRET_KEYs as well."""
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([made_of(secret, purpose) for secret in known])


@cache
def made_of(secret: str, purpose: str) -> Fernet:
    """Return what encrypts for one purpose under a key derived from ``secret``.

    A separate key (HKDF, RFC 5869), so that neither signatures with SECRET_KEY nor what is
    encrypted for another purpose reveal anything about it.
    """
    derived = HKDF(SHA256(), LENGTH, salt=None, info=f"wiq: {purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))
