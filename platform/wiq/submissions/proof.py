"""A proof of work, asked of whoever sends many forms: ALTCHA's library, without anybody else.

The first posts of a network are taken as they are. After these the page comes back with a small
task that the browser works out in a second or two; a program that sends thousands pays for each.
Without scripts the post is kept as suspicious: nobody is mailed, and nothing is lost.
"""

import secrets
import time
from enum import Enum

from altcha import Payload, create_challenge, verify_solution
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from wiq.tenancy import connection
from wiq.throttling import count, network

# Posts of a network over all forms and districts, after which each needs a proof.
FREE, SECONDS = 10, 600
# Work of a second or two on a phone of some years ago; making a task costs 2 ms.
ALGORITHM, COST, FEWEST, MOST = "PBKDF2/SHA-256", 5_000, 100, 300
# How long a task may be worked out.
VALID = 1200
FIELD, ASKED = "altcha", "asked_for_proof"


class Proof(Enum):
    """What is known of the work behind a post."""

    NOT_NEEDED = "few came from there"
    GIVEN = "it was worked out"
    MISSING = "the page asked for it, and it did not come along"
    ASK = "the page has to ask for it"


def of_post(request: HttpRequest) -> Proof:
    """Count a post that would be kept, and tell what is known of the work behind it."""
    given = request.POST.get(FIELD, "")
    if given:
        return Proof.GIVEN if _is_worked_out(given) else Proof.ASK
    # Over the whole platform, so without the district; the network does not stand in the cache.
    mark = salted_hmac("wiq.proof.network", network(request), algorithm="sha256").hexdigest()
    if count(_key("posts", mark), time.time(), SECONDS, FREE) is None:
        return Proof.NOT_NEEDED
    return Proof.MISSING if request.POST.get(ASKED) else Proof.ASK


def task() -> dict[str, object]:
    """Return a new task for one post of this host."""
    number = FEWEST + secrets.randbelow(MOST - FEWEST)
    challenge = create_challenge(
        ALGORITHM, COST, counter=number, expires_at=int(time.time()) + VALID,
        hmac_secret=_secret("task"), hmac_key_secret=_secret("key"),
    )  # fmt: skip
    made: dict[str, object] = challenge.to_dict()
    return made


def _is_worked_out(given: str) -> bool:
    """Tell whether a task of this host was worked out in time, and for the first time."""
    try:
        payload = Payload.from_base64(given)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    result = verify_solution(payload, _secret("task"), hmac_key_secret=_secret("key"))
    if not result.verified:
        return False
    # By the task and not by its text, which can be written in many ways.
    nonce = str(payload.challenge.parameters.nonce)
    used = salted_hmac("wiq.proof.used", nonce, algorithm="sha256").hexdigest()
    return count(_key("proof", used), time.time(), VALID, 1) is None


def _key(kind: str, digest: str) -> str:
    """Return where something is counted for all districts together."""
    return str(caches["platform"].make_key(f"{kind}_{digest}"))


def _secret(purpose: str) -> str:
    """Return the key for one purpose on this host."""
    salt = f"wiq.proof.{purpose}.{connection.schema_name}"
    return salted_hmac(salt, "", algorithm="sha256").hexdigest()
