"""Keys that districts sign with: random bytes, kept encrypted with a key made of SECRET_KEY."""

import secrets
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

LENGTH = 32


def new() -> bytes:
    """Return a key that nobody had before."""
    return secrets.token_bytes(LENGTH)


def locked(key: bytes) -> str:
    """Return a key as it may stand in the database."""
    return _lock().encrypt(key).decode()


def opened(kept: str) -> bytes | None:
    """Return the key that was locked; None for none, and for one that another SECRET_KEY locked."""
    try:
        return _lock().decrypt(kept)
    except InvalidToken:
        return None


def _lock() -> MultiFernet:
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_made_of(secret) for secret in known])


@cache
def _made_of(secret: str) -> Fernet:
    # A key of its own: what is signed with SECRET_KEY tells nothing of what is encrypted.
    derived = HKDF(SHA256(), LENGTH, salt=None, info=b"wiq: keys of districts")
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))
