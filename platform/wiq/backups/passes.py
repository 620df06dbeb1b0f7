"""Uploaded files between two backups: every few minutes, those that came since the last pass.

A pass is an archive of its own. A restore unpacks those that follow its backup over the backup's
files; what is in two of them is the same. So a pass that was brought twice harms nothing, and one
that failed is made up for by the next.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from wiq.backups import catalogue, files
from wiq.backups.catalogue import PASSED, PASSES
from wiq.backups.files import Known
from wiq.backups.sealing import Write, seal
from wiq.backups.targets import Target
from wiq.media.storage import StoredFile, district_files

# A file that is being written, and clocks of storages that err.
SLACK_SECONDS = 600.0
# So far behind a wanted moment passes are brought back: what is too much, the night tidies.
MARGIN = timedelta(hours=1)
STATE = "passed.json"


@dataclass
class _Seen:
    """Up to which time (Unix time, by the storage's clock) files have left, and the last ones."""

    newest: float
    names: Known


def bring(target: Target, recipients: Sequence[str]) -> int | None:
    """Bring what came since the last pass; return how many files. Raises BackupError.

    Before the first backup it is None, and nothing is brought: that backup brings everything.
    """
    began = time.time()
    seen = _seen(target)
    if seen is None:
        return None
    # A file of the future would hide all that come before it.
    since = min(seen.newest, began) - SLACK_SECONDS
    with files.readable():
        found = list(_since(since))
    new = [one for one in found if seen.names.get(_name(one)) != files.as_known(one[1])]
    if new:
        _send(target, recipients, new)
    newest = max([seen.newest, *(min(file.changed, began) for _schema, file in found)])
    _remember(_Seen(newest, {_name(one): files.as_known(one[1]) for one in found}))
    return len(new)


def _send(target: Target, recipients: Sequence[str], new: list[tuple[str, StoredFile]]) -> None:
    def feed(write: Write) -> None:
        with files.archive_into(write) as archive:
            for schema, file in new:
                files.pack(archive, schema, file)

    seal(feed, recipients, target, f"{PASSES}{catalogue.next_id(target)}{PASSED}")


def _since(moment: float) -> Iterator[tuple[str, StoredFile]]:
    for schema in sorted(district_files().districts()):
        for file in district_files().of(schema).since(moment):
            yield schema, file


def _name(one: tuple[str, StoredFile]) -> str:
    schema, file = one
    return f"{schema}/{file.name}"


def _seen(target: Target) -> _Seen | None:
    """Return what this machine remembers; else what the newest backup cannot have missed."""
    try:
        raw = json.loads((_folder() / STATE).read_text())
        return _Seen(float(raw["newest"]), dict(raw["names"]))
    except (OSError, ValueError, KeyError, TypeError):
        known = catalogue.finished(target)
    if not known:
        return None
    return _Seen(datetime.fromisoformat([*known.values()][-1].began).timestamp(), {})


def _folder() -> Path:
    return Path(settings.WIQ_BACKUP_STATE)


def _remember(seen: _Seen) -> None:
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    half = _folder() / f".{STATE}"
    half.write_text(json.dumps({"newest": seen.newest, "names": seen.names}))
    half.replace(_folder() / STATE)


def following(target: Target, backup_id: str, moment: datetime | None) -> list[str]:
    """Return the keys of the passes that a restore needs beside a backup. Raises BackupError.

    A file that a row named at the moment has left with the first pass after it at the latest.
    """
    names = sorted(target.listed(PASSES))
    mine = [name for name in names if _id(name) > backup_id]
    if moment is None:
        return mine
    until = catalogue.new_id(moment + MARGIN)
    within = [name for name in mine if _id(name) <= until]
    return mine[: len(within) + 1]


def _id(key: str) -> str:
    return key.removeprefix(PASSES).removesuffix(PASSED)


def prune(target: Target, first: str) -> None:
    """Remove passes from before a backup: it has their files. Raises BackupError."""
    for name in target.listed(PASSES):
        if _id(name) < first:
            target.remove(name)
