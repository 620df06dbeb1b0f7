"""Bringing a backup back: a data folder that PostgreSQL starts from, and the log beside it."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from wiq.backups import catalogue, files, ledger_copy, passes, server
from wiq.backups.catalogue import SEGMENT, WAL, Backup
from wiq.backups.sealing import Stored, unseal
from wiq.backups.targets import Kept, Target
from wiq.backups.trouble import BackupError, Why, of_words, says_full

SEALED = ".gz.age"
# When a part of the log came is said by the target's clock, in whole seconds. Where that errs,
# PostgreSQL has the last word: it does not start before it has reached the moment.
CLOCKS_APART = 60.0


@dataclass(frozen=True)
class Places:
    """Where what comes back is put: nothing of it may exist yet."""

    data: Path
    wal: Path
    files: Path
    ledger: Path

    @classmethod
    def inside(cls, folder: Path) -> "Places":
        """Return the places for ``backup fetch FOLDER``."""
        return cls(folder / "data", folder / "wal", folder / "files", folder / "erasures.jsonl")

    def check_empty(self) -> None:
        """Raise BackupError (FOLDER) where something would be overwritten."""
        for place in (self.data, self.wal, self.files, self.ledger):
            if (place.is_dir() and any(place.iterdir())) or place.is_file():
                raise BackupError(Why.FOLDER, str(place))


def fetch(target: Target, places: Places, moment: datetime | None, backup_id: str = "") -> Backup:
    """Bring back the newest backup that was finished by ``moment``, or the named one.

    With it come the log from there on, the files of that backup, and the newest ledger. Raises
    BackupError, and leaves nothing behind then.
    """
    places.check_empty()
    try:
        last = server_of(target, places.data, places.wal, moment, backup_id)
        uploads(target, places.files, places.ledger, moment, backup_id)
    except BaseException:
        for place in (places.data, places.wal, places.files):
            shutil.rmtree(place, ignore_errors=True)
        places.ledger.unlink(missing_ok=True)
        raise
    return last


def _found(target: Target, moment: datetime | None, backup_id: str) -> list[Backup]:
    """Return the wanted backup with all that it builds on. Raises BackupError."""
    known = catalogue.finished(target)
    if backup_id and backup_id not in known:
        raise BackupError(Why.CHAIN, catalogue.key(backup_id, catalogue.ABOUT))
    last = known[backup_id] if backup_id else catalogue.before(known, moment)
    links = catalogue.chain(known, last)
    catalogue.look_for(target, links)
    return links


def server_of(
    target: Target, data: Path, wal: Path, moment: datetime | None, backup_id: str
) -> Backup:
    """Bring back a data folder and the log for it. Raises BackupError."""
    links = _found(target, moment, backup_id)
    segments = _segments(target, links[-1], moment)
    database(target, links, data)
    log(target, segments, wal)
    return links[-1]


def uploads(
    target: Target, folder: Path, ledger: Path, moment: datetime | None, backup_id: str
) -> None:
    """Bring back the files up to a moment, and the newest ledger. Raises BackupError."""
    links = _found(target, moment, backup_id)
    files_of(target, links, folder)
    passes_of(target, passes.following(target, links[-1].id, moment), folder)
    ledger_copy.fetch(target, _identity(), ledger)


def _identity() -> Path:
    return Path(settings.WIQ_BACKUP_IDENTITY)


def _unpack(target: Target, key: str, stored: Stored | None, folder: Path) -> None:
    """Unpack an archive into a folder, which is made. Raises BackupError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with subprocess.Popen(
        ["tar", "--extract", "--file=-", "--no-same-owner", f"--directory={folder}"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as tar:  # fmt: skip
        assert tar.stdin and tar.stderr
        try:
            unseal(target, key, _identity(), tar.stdin.write, stored)
        except BrokenPipeError:
            raise of_words(Why.WRITE, _first_words(tar.stderr) or str(folder)) from None
        finally:
            with suppress(BrokenPipeError):
                tar.stdin.close()
        words = _first_words(tar.stderr)
        if tar.wait():
            raise of_words(Why.BROKEN, f"{key} ({words or 'tar'})")


def _first_words(stderr: IO[bytes]) -> str:
    """Return why tar ended: its last line says only that it did."""
    lines = stderr.read().decode(errors="replace").strip().splitlines()
    return next(filter(says_full, lines), lines[0] if lines else "")


def database(target: Target, links: Sequence[Backup], data: Path) -> None:
    """Make one data folder of a chain. Raises BackupError.

    https://www.postgresql.org/docs/18/app-pgcombinebackup.html
    """
    parts = data.parent / f".{data.name}-parts"
    shutil.rmtree(parts, ignore_errors=True)
    try:
        for link in links:
            _unpack(target, link.base.key, link.base, parts / link.id)
        if len(links) == 1:
            (parts / links[0].id).rename(data)
        else:
            server.run("pg_combinebackup", "--output", data,
                       *(parts / link.id for link in links), why=Why.CHAIN)  # fmt: skip
        data.chmod(0o700)
        server.run("pg_verifybackup", "--no-parse-wal", "--quiet", data, why=Why.VERIFY)
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def _segments(target: Target, backup: Backup, moment: datetime | None) -> list[str]:
    """Return the parts of the log from a backup on. Raises BackupError where one is missing.

    A hole behind the wanted moment harms nobody: when a part came tells whether it is.
    """
    there = {
        name.removeprefix(WAL).removesuffix(SEALED): kept
        for name, kept in target.listed(WAL).items()
    }
    wanted = backup.first_segment
    following = sorted(n for n in there if SEGMENT.fullmatch(n) and n[8:] >= wanted[8:])
    histories = [name for name in there if name.endswith(".history")]
    if not following:
        _reaches(None, moment, wanted)
        return histories
    taken: list[str] = []
    while wanted in there:
        taken.append(wanted)
        wanted = catalogue.next_segment(wanted, backup.segment_bytes)
        if wanted not in there:
            wanted = _on_another_timeline(wanted, following)
    newest = there[taken[-1]] if taken else None
    if following[-1][8:] >= wanted[8:] and not _is_behind(newest, moment):
        raise BackupError(Why.WAL_GAP, wanted)
    _reaches(newest, moment, wanted)
    return [*taken, *histories]


def _on_another_timeline(wanted: str, following: Sequence[str]) -> str:
    """Return the same part of the newest timeline that has it: after a standby took over."""
    return max((name for name in following if name[8:] == wanted[8:]), default=wanted)


def _is_behind(newest: Kept | None, moment: datetime | None) -> bool:
    if moment is None or newest is None:
        return False
    return newest.changed + CLOCKS_APART >= moment.timestamp()


def _reaches(newest: Kept | None, moment: datetime | None, wanted: str) -> None:
    """Raise BackupError (WAL_LATE) where the log ends before the wanted moment."""
    if moment is not None and not _is_behind(newest, moment):
        raise BackupError(Why.WAL_LATE, wanted)


def log(target: Target, names: Sequence[str], folder: Path) -> None:
    """Bring back parts of the log. Raises BackupError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        with (folder / name).open("wb") as file:
            unseal(target, f"{WAL}{name}{SEALED}", _identity(), file.write, None)


def files_of(target: Target, links: Sequence[Backup], folder: Path) -> None:
    """Bring back the files of a chain, as they were at its last backup. Raises BackupError."""
    for link in links:
        _unpack(target, link.files.key, link.files, folder)
    files.keep_listed(folder)


def passes_of(target: Target, keys: Sequence[str], folder: Path) -> None:
    """Bring back what passes brought, over the files of a backup. Raises BackupError."""
    for key in keys:
        _unpack(target, key, None, folder)


def make_ready(data: Path, wal: Path, moment: datetime | None) -> None:
    """Let the next server that starts from the data read the log up to a moment, or to its end.

    https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-PITR-RECOVERY. A server
    reads it from its data folder, so the way is the same in any container; then it is removed.
    """
    way = os.path.relpath(wal, data)
    settings = {
        "restore_command": f'cp "{way}/%f" "%p"',
        "recovery_end_command": f'rm -r "{way}"',
        "recovery_target_action": "promote",
        # Empty, where an earlier restore, which this backup knows of, had one.
        "recovery_target_time": moment.isoformat() if moment else "",
    }
    with (data / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "recovery.signal").touch(mode=0o600)
