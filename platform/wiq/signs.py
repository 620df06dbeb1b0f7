"""Signs in Valkey by which the health page knows what goes on in other processes.

It asks nobody and waits for nobody: worker and beat leave a sign of life every few seconds, which
ends by itself. Without Django, because beat has none.
"""

import time

from redis import Redis

PREFIX = "wiq-sign:"
BEAT, WORKER, BACKUP = "beat", "worker", "backup"
EVERY_SECONDS = 5.0
# Three were missed.
LIFE_SECONDS = 20


def leave(server: Redis, name: str, seconds: int = LIFE_SECONDS) -> None:
    """Leave a sign for some seconds. Raises RedisError."""
    server.set(PREFIX + name, 1, ex=seconds)


def is_there(server: Redis, name: str) -> bool:
    """Tell whether somebody left this sign. Raises RedisError."""
    return bool(server.exists(PREFIX + name))


def leave_backup(server: Redis) -> None:
    """Leave word that a backup was made just now; it stays. Raises RedisError."""
    server.set(PREFIX + BACKUP, int(time.time()))


def backup_made(server: Redis) -> int | None:
    """Return when the last backup was made, in seconds of the epoch; None if nobody said so."""
    found = server.get(PREFIX + BACKUP)
    return None if found is None else int(found)
