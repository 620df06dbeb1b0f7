"""Six digits that are mailed to somebody, who types them in to prove that the mailbox is read."""

import secrets
from datetime import timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from wiq.tenancy import connection

# NIST SP 800-63B, 5.1.3.2: a code sent out of band has six digits, and few tries. Mail is slower
# than the ten minutes that stand there.
VALID = timedelta(minutes=30)
ATTEMPTS = 5


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(purpose: str, code: str) -> str:
    """Return what is kept of a code: it holds for one purpose in the current schema."""
    salt = f"{purpose}:{connection.schema_name}"
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()


def fits(purpose: str, typed: str, kept: str) -> bool:
    """Tell whether somebody typed the code; spaces and signs between the digits do no harm."""
    digits = "".join(sign for sign in typed if sign.isdecimal())
    return constant_time_compare(kept, digest(purpose, digits))
