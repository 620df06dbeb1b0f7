"""The ledger: a file of one line an erasure, outside of everything that a restore brings back.

``WIQ_LEDGER`` names its folder. Lines are only added; the night drops those older than
``WIQ_LEDGER_DAYS``, which is longer than any backup is kept. A line names nobody: ``mark`` is an
HMAC with a key of the district, which is in the database and not here.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings

NAME = "erasures.jsonl"
# Enough of the end to find the last line of a district that is still there.
TAIL = 256_000


@dataclass(frozen=True)
class Line:
    """One erasure in the ledger. ``key`` says which key its mark was made with, not the key."""

    uuid: str
    schema: str
    key: str
    kind: str
    mark: str
    at: str


def path() -> Path:
    """Return where the ledger lies."""
    return Path(settings.WIQ_LEDGER) / NAME


def append(lines: Iterable[Line]) -> None:
    """Add lines and wait until the disk has them. Raises OSError if they can't be written."""
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone() as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            # A line that broke off with its process must not take the next one with it.
            file.seek(-1, os.SEEK_END)
            broken = file.read(1) != b"\n"
            file.write(b"\n" if broken else b"")
        for line in lines:
            file.write(json.dumps(asdict(line), sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone() -> Iterator[IO[bytes]]:
    """Open the ledger for one process at a time, also where another has just renewed it."""
    while True:
        descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                same = os.fstat(file.fileno()).st_ino == path().stat().st_ino
            except FileNotFoundError:
                same = False
            if same:
                yield file
                return


def lines() -> Iterator[Line]:
    """Yield all lines, the oldest first; none where there is no ledger yet."""
    yield from lines_of(path())


def lines_of(place: Path) -> Iterator[Line]:
    """Yield the lines of a ledger or of a copy of one; none where there is no such file."""
    try:
        with place.open("rb") as file:
            for raw in file:
                line = _read(raw)
                if line is not None:
                    yield line
    except FileNotFoundError:
        return


def newest() -> list[Line]:
    """Return the last lines, the newest first."""
    try:
        with path().open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            found = [_read(raw) for raw in file.read().splitlines()]
    except FileNotFoundError:
        return []
    return [line for line in reversed(found) if line is not None]


def forget_before(moment: datetime) -> int:
    """Drop the lines older than this; return how many there were."""
    if not path().exists():
        return 0
    with _alone() as file:
        kept, dropped = [], 0
        for raw in file:
            line = _read(raw)
            if line is not None and datetime.fromisoformat(line.at) >= moment:
                kept.append(raw)
            else:
                dropped += 1
        if dropped:
            fresh = path().with_suffix(".new")
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as new:
                new.writelines(kept)
                new.flush()
                os.fsync(new.fileno())
            fresh.replace(path())
    return dropped


def _read(raw: bytes) -> Line | None:
    """Return a line; None for one that broke off."""
    try:
        found: Any = json.loads(raw)
        return Line(**found)
    except (ValueError, TypeError):
        return None
