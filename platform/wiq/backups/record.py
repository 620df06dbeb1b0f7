"""What is known of backups where pages and numbers are made: words in Valkey that stay.

Nothing here loads what makes backups: web and worker read it, too.
"""

import json
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.conf import settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq import signs
from wiq.backups.trouble import BackupError, Why, of_machine, sentence

# A check each night, and one that may be missed.
CHECK_SECONDS = 50 * 3600
TAKE_SECONDS = 26 * 3600
# The log leaves each four minutes; longer, and something is wrong.
LOG_SECONDS = 15 * 60
# Files leave as often, unless there are so many that looking for new ones takes longer.
FILES_SECONDS = 30 * 60
CHECK, LOG, FILES = "backup-check", "backup-log", "backup-files"
# What a backup that builds on nothing may mend.
DAMAGE = frozenset({Why.BROKEN, Why.CHAIN, Why.VERIFY, Why.ROWS, Why.SHAPE})
KNOWN_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Checked:
    """How the last check ended: when, of which backup and district; ``why`` is empty if well."""

    at: float
    backup: str = ""
    schema: str = ""
    rows: int = 0
    why: str = ""
    what: str = ""

    @property
    def is_well(self) -> bool:
        return not self.why

    def __str__(self) -> str:
        """Return in the reader's language what went wrong; nothing if nothing did."""
        return sentence(Why(self.why), self.what) if self.why else ""


class CheckFailed(Exception):
    """The last check of a backup failed, or is long ago."""


class LogLate(Exception):
    """The log of changes has not left this machine for some time."""


class FilesLate(Exception):
    """Uploaded files have not left this machine for some time."""


def is_set_up() -> bool:
    """Tell whether this installation makes such backups. Raises RedisError.

    Web knows it from what ``backup run`` leaves: the address of the target, which holds a key to
    it, is for that process alone. A month after it was given up nobody asks for it any more.
    """
    return bool(settings.WIQ_BACKUP_URL) or log_left() is not None


def checked() -> Checked | None:
    """Return how the last check ended; None if there was none. Raises RedisError."""
    raw = get_redis_connection("platform").get(signs.PREFIX + CHECK)
    return Checked(**json.loads(raw)) if raw else None


def log_left() -> float | None:
    """Return when all of the log had left (Unix time); None if never. Raises RedisError."""
    raw = get_redis_connection("platform").get(signs.PREFIX + LOG)
    return float(raw) if raw else None


def files_left() -> float | None:
    """Return when all uploaded files had left (Unix time); None if never. Raises RedisError."""
    raw = get_redis_connection("platform").get(signs.PREFIX + FILES)
    return float(raw) if raw else None


def check() -> None:
    """Look whether the last check went well, lately, and whether all that is new leaves.

    Raises CheckFailed, LogLate, FilesLate, RedisError.

    Before the first one nothing is said here; the doctor says it.
    """
    if not is_set_up():
        return
    last, left = checked(), log_left()
    if last is not None and (not last.is_well or time.time() - last.at > CHECK_SECONDS):
        raise CheckFailed
    if left is not None and time.time() - left > LOG_SECONDS:
        raise LogLate
    files = files_left()
    if files is not None and time.time() - files > FILES_SECONDS:
        raise FilesLate


def was_damaged(ids: Collection[str]) -> bool:
    """Tell whether the last check found damage in one of these backups, or in what it holds."""
    with suppress(RedisError):
        found = checked()
        return found is not None and found.backup in ids and found.why in DAMAGE
    return False


def note_taken() -> None:
    """Note that a backup was made just now."""
    with suppress(RedisError):
        signs.leave_backup(get_redis_connection("platform"))


def note_checked(found: Checked) -> None:
    """Note how a check ended. A platform that is away hears of it next time."""
    with suppress(RedisError):
        words = json.dumps(asdict(found))
        get_redis_connection("platform").set(signs.PREFIX + CHECK, words, ex=KNOWN_SECONDS)


def note_log_left() -> None:
    """Note that all of the log has left."""
    with suppress(RedisError):
        get_redis_connection("platform").set(signs.PREFIX + LOG, time.time(), ex=KNOWN_SECONDS)


def note_files_left(began: float) -> None:
    """Note that all files that were there at a moment (Unix time) have left."""
    with suppress(RedisError):
        get_redis_connection("platform").set(signs.PREFIX + FILES, began, ex=KNOWN_SECONDS)


def failed(error: Exception, backup: str = "", schema: str = "") -> Checked:
    """Return the record of a check that failed."""
    if isinstance(error, BackupError):
        return Checked(time.time(), backup, schema, 0, error.why, error.what)
    if isinstance(error, OSError):
        return failed(of_machine(error), backup, schema)
    return Checked(time.time(), backup, schema, 0, Why.UNKNOWN, type(error).__name__)
