"""How a call is signed: Standard Webhooks 1.0 (https://www.standardwebhooks.com/).

Receivers find ready libraries for it. What is signed is id, time and body, so an old call can be
told from a new one, and one call from another.
"""

import base64
import hashlib
import hmac
import secrets
import uuid

from wiq.signing import keys

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a new secret as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def locked(secret: str) -> str:
    """Return a secret encrypted for the database."""
    return keys.locked(secret.encode())


def opened(kept: str) -> str | None:
    """Return a kept secret; None if it was encrypted with another SECRET_KEY."""
    found = keys.opened(kept)
    return found.decode() if found is not None else None


def headers(secret: str, *, number: uuid.UUID, at: int, body: str) -> dict[str, str]:
    """Return the headers of a try; ``at`` is its time in Unix seconds.

    The id is the same at every try, so a receiver knows a call that it had already.
    """
    known_as = f"msg_{number.hex}"
    return {
        "Content-Type": "application/json",
        "User-Agent": "WiQ-Webhooks/1",
        "webhook-id": known_as,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, known_as, at, body),
    }


def signature(secret: str, known_as: str, at: int, body: str) -> str:
    """Return the signature of a body: version 1, HMAC-SHA256."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    made = hmac.new(key, f"{known_as}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"
