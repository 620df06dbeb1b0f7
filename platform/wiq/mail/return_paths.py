"""The return path of each mail: an address of its own (VERP), to which servers send it back.

``bounce+<token>@``: the token holds the mail's uuid and an HMAC over it, its address and when it
came back last. So it names a mail without a list, nobody can make one up, and once the mail came
back or goes to another address it is worth nothing. Base32: servers may change large letters.
"""

import uuid
from base64 import b32decode, b32encode
from binascii import Error

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from wiq.inbound import mailboxes
from wiq.mail.models import Message

PREFIX = "bounce"
# Eighty bits: nobody tries them all by mail. With the uuid 42 characters, of 64 before the @.
PROOF_BYTES = 10


def return_path(message: Message, domain: str = "") -> str:
    """Return the envelope sender of a mail; empty where returned mails could not come in.

    Without a way in, its domain may have no mail server, for which others refuse our mails.
    """
    if not mailboxes.is_open():
        return ""
    return mailboxes.address(PREFIX, token_of(message), domain)


def token_of(message: Message) -> str:
    """Return the token of a mail's current return path."""
    return _written(message.uuid.bytes + _proof(message, settings.SECRET_KEY))


def uuid_in(token: str) -> uuid.UUID | None:
    """Return the uuid in a token, which proves nothing yet; None if it is no token."""
    try:
        held = b32decode(token.upper() + "=" * (-len(token) % 8))
    except (Error, ValueError):
        return None
    # The last letter has two bits to spare: four tokens would be one.
    if len(held) != 16 + PROOF_BYTES or _written(held) != token:
        return None
    return uuid.UUID(bytes=held[:16])


def is_token_of(message: Message, token: str) -> bool:
    """Tell whether we gave a token to this mail, and it still holds."""
    held = b32decode(token.upper() + "=" * (-len(token) % 8))[16:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(held, _proof(message, key)) for key in keys)


def _written(held: bytes) -> str:
    return b32encode(held).decode().rstrip("=").lower()


def _proof(message: Message, key: str) -> bytes:
    back = message.returned_at.isoformat() if message.returned_at else ""
    about = f"{message.uuid}:{message.to}:{back}"
    found = salted_hmac("wiq.mail.return_path", about, secret=key, algorithm="sha256")
    return bytes(found.digest()[:PROOF_BYTES])
