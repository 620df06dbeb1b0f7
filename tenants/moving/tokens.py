"""Words by which two installations trust each other for one move, and for nothing else.

The side that takes a district gives one out by its command; whoever moves the district types it.
The side that it leaves sends one of its own along, with which the other may ask how it stands.
"""

import hashlib
import secrets

from django_tenants.utils import schema_context

from tenants.moving.models import Move
from wiq.signing import keys
from wiq.tenancy import PUBLIC


def new() -> str:
    """Return a new word: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a word that opens this side: nobody can guess 256 bits back."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed(token: str) -> str:
    """Return a word that opens the other side, encrypted for the database."""
    return keys.locked(token.encode())


def opened(kept: str) -> str:
    """Return a kept word; empty where it was sealed with another SECRET_KEY."""
    return (keys.opened(kept) or b"").decode()


def known(token: str) -> Move | None:
    """Return the move that a word opens on this side."""
    with schema_context(PUBLIC):
        found: Move | None = Move.objects.filter(token_digest=digest_of(token)).first()
        return found


def is_known(token: str) -> bool:
    """Tell whether a word opens a move that is not over."""
    with schema_context(PUBLIC):
        return Move.objects.under_way().filter(token_digest=digest_of(token)).exists()
