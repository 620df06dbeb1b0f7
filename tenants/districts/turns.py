"""Whose turn it is while many districts are brought to a new version: whoever is waited for first.

A word in Valkey that ends by itself, and nothing depends on: without it the order is another one.
"""

from contextlib import suppress

from django_redis import get_redis_connection
from redis.exceptions import RedisError

_KEY = "wiq-turns"
# Longer than anybody waits (wiq.serving.front).
_SECONDS = 60


def ask_for(schema_name: str) -> None:
    """Ask that a district be brought to this version before others."""
    with suppress(RedisError):
        server = get_redis_connection("platform")
        server.sadd(_KEY, schema_name)
        server.expire(_KEY, _SECONDS)


def asked_for() -> set[str]:
    """Return the schemas that somebody waits for."""
    try:
        return {name.decode() for name in get_redis_connection("platform").smembers(_KEY)}
    except RedisError:
        return set()
