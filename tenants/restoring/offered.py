"""Which backups the console may choose from: told to web by name, by the worker that has them.

Backups in the clear hold the data of everybody, so web has no way to them (docs/decisions/0117).
"""

import json
from pathlib import Path

from django.conf import settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.restoring import base_backups
from wiq import signs

NAME = "restorable"
# The worker tells it every few seconds; after so long without a word nobody could restore.
LIFE_SECONDS = 60
LISTED = 100


def here() -> list[str]:
    """Return the names of the backups in ``WIQ_BACKUPS``, the newest first; none without it.

    They lie there in the clear: dumps, and folders of base backups.
    """
    if not settings.WIQ_BACKUPS:
        return []
    try:
        inside = list(Path(settings.WIQ_BACKUPS).iterdir())
        found = [path for path in inside if path.suffix == ".dump" or _is_base(path)]
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return []
    return [path.name for path in found[:LISTED]]


def _is_base(path: Path) -> bool:
    here = (path, path / "data")
    return any((one / base_backups.VERSION_FILE).exists() for one in here)


def tell() -> None:
    """Tell web the names of what is here. Raises RedisError."""
    if settings.WIQ_BACKUPS:
        server = get_redis_connection("platform")
        server.set(signs.PREFIX + NAME, json.dumps(here()), ex=LIFE_SECONDS)


def names() -> list[str]:
    """Return what a worker told lately; none where none has backups, or Valkey is away."""
    try:
        raw = get_redis_connection("platform").get(signs.PREFIX + NAME)
    except RedisError:
        return []
    return list(json.loads(raw)) if raw else []


def is_heard() -> bool:
    """Tell whether a worker that has backups said so lately."""
    try:
        return signs.is_there(get_redis_connection("platform"), NAME)
    except RedisError:
        return False
