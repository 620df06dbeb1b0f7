"""What lies at the target: backups, each with its parent, and the log of changes between them.

``backups/ID/backup.json`` comes last: what has none was never finished, and counts for nothing.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from wiq.backups.sealing import Stored
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why

BACKUPS, WAL, LEDGER, PASSES = "backups/", "wal/", "ledger/", "uploads/"
ABOUT = "backup.json"
FULL, INCREMENTAL = "full", "incremental"
FORMAT = 1
# The names of backups and passes, and how what a pass brought is called.
NAMED, PASSED = "%Y%m%dT%H%M%S.%fZ", ".tar.gz.age"
ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
# How PostgreSQL names a segment of its log: timeline, and where it stands (8 hexadecimal each).
SEGMENT = re.compile(r"[0-9A-F]{24}")


@dataclass(frozen=True)
class Witness:
    """What one district's schema held at a named moment of the log.

    ``shape`` is a digest of its columns, indexes and constraints; ``segment`` the part of the log
    that holds the moment.
    """

    schema: str
    point: str
    segment: str
    rows: dict[str, int]
    shape: str


@dataclass(frozen=True)
class Backup:
    """One finished backup. ``first_segment`` is where the log begins that it needs."""

    id: str
    kind: str
    parent: str
    began: str
    ended: str
    system: str
    version: str
    segment_bytes: int
    first_segment: str
    base: Stored
    files: Stored
    districts: int
    witnesses: list[Witness] = field(default_factory=list)

    @property
    def done(self) -> datetime:
        return datetime.fromisoformat(self.ended)

    @property
    def size(self) -> int:
        """Return the bytes that it takes at the target, without its parents."""
        return self.base.size + self.files.size


def new_id(moment: datetime) -> str:
    """Return the name of what begins at a moment: sorted by name is sorted by time."""
    return moment.astimezone(UTC).strftime(NAMED)


def next_id(target: Target) -> str:
    """Return the name of what begins now. Raises BackupError.

    It comes after all that is there, also where the clock was set back since: what builds on
    another must not seem older than it.
    """
    there = [
        name.removeprefix(prefix).split("/")[0].removesuffix(PASSED)
        for prefix in (BACKUPS, PASSES)
        for name in target.listed(prefix)
    ]
    now = new_id(datetime.now(UTC))
    newest = max((name for name in there if ID.fullmatch(name)), default="")
    if now > newest:
        return now
    return new_id(moment_of(newest) + timedelta(microseconds=1))


def moment_of(name: str) -> datetime:
    """Return the moment that a name says."""
    return datetime.strptime(name, NAMED).replace(tzinfo=UTC)


def key(backup_id: str, name: str) -> str:
    """Return where a part of a backup lies at the target."""
    return f"{BACKUPS}{backup_id}/{name}"


def write(target: Target, backup: Backup) -> None:
    """Say that a backup is finished."""
    about = {"format": FORMAT, **asdict(backup)}
    target.put(key(backup.id, ABOUT), BytesIO(json.dumps(about, indent=1).encode()))


def _read(raw: Any) -> Backup:
    if raw.pop("format") != FORMAT:
        raise ValueError("another format")
    raw["base"], raw["files"] = Stored(**raw["base"]), Stored(**raw["files"])
    raw["witnesses"] = [Witness(**one) for one in raw["witnesses"]]
    return Backup(**raw)


def finished(target: Target) -> dict[str, Backup]:
    """Return all finished backups, the oldest first. Raises BackupError."""
    found = {}
    for name in sorted(target.listed(BACKUPS)):
        if name.endswith(f"/{ABOUT}"):
            with target.open(name) as file:
                try:
                    backup = _read(json.loads(file.read()))
                except (ValueError, TypeError, KeyError, AttributeError):
                    raise BackupError(Why.BROKEN, name) from None
            found[backup.id] = backup
    return found


def chain(known: Mapping[str, Backup], last: Backup) -> list[Backup]:
    """Return a backup with all that it builds on, the full one first. Raises BackupError."""
    links = [last]
    while links[0].kind == INCREMENTAL:
        parent = known.get(links[0].parent)
        # Older by its name, or a list that somebody changed would lead round in a circle.
        if parent is None or parent.id >= links[0].id:
            raise BackupError(Why.CHAIN, key(links[0].parent, ABOUT))
        links.insert(0, parent)
    return links


def look_for(target: Target, links: Iterable[Backup]) -> None:
    """Look whether all of a chain is there, whole by its size. Raises BackupError."""
    there = target.listed(BACKUPS)
    for link in links:
        for part in (link.base, link.files):
            if part.key not in there:
                raise BackupError(Why.CHAIN, part.key)
            if there[part.key].size != part.size:
                raise BackupError(Why.BROKEN, part.key)


def before(known: Mapping[str, Backup], moment: datetime | None) -> Backup:
    """Return the newest backup that was finished by then. Raises BackupError (NOTHING)."""
    fitting = [one for one in known.values() if moment is None or one.done <= moment]
    if not fitting:
        raise BackupError(Why.NOTHING)
    return fitting[-1]


def next_segment(name: str, segment_bytes: int) -> str:
    """Return the segment after this one on the same timeline.

    https://www.postgresql.org/docs/18/wal-internals.html: the second part counts logs of 4 GB.
    """
    in_a_log = 0x100000000 // segment_bytes
    number = int(name[8:16], 16) * in_a_log + int(name[16:], 16) + 1
    return f"{name[:8]}{number // in_a_log:08X}{number % in_a_log:08X}"
