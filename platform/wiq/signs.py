"""Signs in Valkey by which the health page knows what goes on in other processes.

It asks nobody and waits for nobody: worker and beat leave a sign of life every few seconds, which
ends by itself; who can't send mail leaves a sign of that. Without Django, because beat has none.
"""

from redis import Redis

PREFIX = "wiq-sign:"
BEAT, WORKER, RELAY = "beat", "worker", "relay"
EVERY_SECONDS = 5.0
# Three were missed.
LIFE_SECONDS = 20
# Mails that wait are tried at least once an hour (wiq.outbox.times); one that is taken ends it.
TROUBLE_SECONDS = 3900


def leave(server: Redis, name: str, seconds: int = LIFE_SECONDS) -> None:
    """Leave a sign for some seconds. Raises RedisError."""
    server.set(PREFIX + name, 1, ex=seconds)


def take_back(server: Redis, name: str) -> None:
    """Take a sign back. Raises RedisError."""
    server.delete(PREFIX + name)


def is_there(server: Redis, name: str) -> bool:
    """Tell whether somebody left this sign. Raises RedisError."""
    return bool(server.exists(PREFIX + name))
