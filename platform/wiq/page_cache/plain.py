"""Plain text in Valkey that all processes share, whatever version of the platform they are of.

It is compared, or read as JSON, and nothing in it can run (docs/decisions/0063-json-in-valkey.md).
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.cache import caches
from django_redis import get_redis_connection
from redis.exceptions import RedisError

ALIAS = "platform"


def key(name: str) -> str:
    """Return where a name stands in Valkey."""
    return str(caches[ALIAS].make_key(name))


def read(names: Sequence[str]) -> list[str | None]:
    """Return what stands under each name; None where nothing does, or while Valkey is away.

    Whatever bytes stand there are text here: a version that stamped with pickles wrote some that
    are none.
    """
    try:
        found = _server().mget([key(name) for name in names])
    except (RedisError, OSError):
        return [None] * len(names)
    return [None if value is None else value.decode("latin-1") for value in found]


def write(name: str, text: str, seconds: int) -> None:
    """Let a text stand under a name for so many seconds; nothing happens while Valkey is away."""
    with suppress(RedisError, OSError):
        _server().set(key(name), text, ex=seconds)


def stamp(name: str, *, unless_there: bool = False) -> None:
    """Put a new stamp under a name; nothing happens while Valkey is away.

    A number, because every version reads digits alike: those that wrote pickles never opened one.
    """
    with suppress(RedisError, OSError):
        _server().set(key(name), secrets.randbits(62), nx=unless_there)


def _server() -> Any:
    return get_redis_connection(ALIAS)
