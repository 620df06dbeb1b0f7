"""A base backup as a server: its data folder, recovered to its own end or to a moment by WAL.

https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-PITR-RECOVERY
"""

import gzip
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tenants.restoring.scratch import BackupError
from wiq.embedded.postgres import Postgres

VERSION_FILE, WAL = "PG_VERSION", "wal"
# Beside the data it belongs to: the server's user can enter no other folder of ours.
_SEGMENTS = "wiq-wal"
# Of the server that was backed up; they name files and machines of there.
_FORGOTTEN = ("postgresql.auto.conf", "standby.signal", "recovery.signal", "postmaster.pid")
# PostgreSQL's words, and ours.
_SAYS = {
    "before configured recovery target": "the WAL does not reach that moment",
    "before consistent recovery point": "that moment is before the end of the base backup",
    "could not locate a valid checkpoint": "WAL of the base backup itself is missing",
    "could not locate required checkpoint": "WAL of the base backup itself is missing",
}


@dataclass(frozen=True)
class BaseBackup:
    """A data folder, the folder with WAL beside it, and the moment to which it is recovered."""

    data: Path
    wal: Path | None
    at: datetime | None

    def options(self) -> dict[str, str]:
        """Return the settings of the server that recovers it."""
        if self.wal is None:
            return {}
        copying = f'cp "{_SEGMENTS}/%f" "%p"'
        target = (
            {"recovery_target": "immediate"}
            if self.at is None
            else {"recovery_target_time": self.at.isoformat(sep=" ")}
        )
        # Off: else settings of the server that was backed up, larger than ours, would stop it.
        rest = {"hot_standby": "off", "recovery_target_action": "promote"}
        return {"restore_command": copying, **target, **rest}

    def lay_out(self, postgres: Postgres) -> None:
        """Copy it to where this server has its data; the backup itself stays as it is."""
        shutil.rmtree(postgres.data, ignore_errors=True)
        postgres.data.parent.mkdir(parents=True, exist_ok=True)
        _copied(self.data, postgres.data)
        for name in _FORGOTTEN:
            (postgres.data / name).unlink(missing_ok=True)
        (postgres.data / "postgresql.conf").write_text("")
        (postgres.data / "pg_hba.conf").write_text("local all all trust\n")
        (postgres.data / "pg_ident.conf").write_text("")
        if self.wal is not None:
            (postgres.data / "recovery.signal").touch()
            _bring_segments(self.wal, postgres.data / _SEGMENTS)
        for marker in ("wiq-complete", "wiq-owner"):
            (postgres.data / marker).touch()
        _give(postgres.data, postgres.user)


def found(path: Path, at: str) -> BaseBackup:
    """Return the base backup in a folder. Raises BackupError."""
    inside = [path, *sorted(child for child in path.iterdir() if child.is_dir())]
    data = next((one for one in inside if (one / VERSION_FILE).exists()), None)
    if data is None:
        raise BackupError(f"{path}: no data folder of PostgreSQL (it has no {VERSION_FILE}).")
    places = (data.parent / WAL, path / WAL)
    wal = next((one for one in places if one.is_dir()), None)
    if at and wal is None:
        raise BackupError(f"A moment (--at) needs WAL: there is no folder {places[0]}.")
    return BaseBackup(data, wal, moment(at) if at else None)


def moment(text: str) -> datetime:
    """Return a moment as typed; without a zone it is in the platform's. Raises BackupError."""
    try:
        read = parse_datetime(text)
    except ValueError:
        read = None
    if read is None or (parse_date(text) is not None):
        raise BackupError(f"--at {text}: please write it like 2026-11-29 14:30.")
    return read if timezone.is_aware(read) else timezone.make_aware(read)


def in_our_words(error: BackupError) -> BackupError:
    """Return why PostgreSQL did not come up, in words for whoever restores."""
    for theirs, ours in _SAYS.items():
        if theirs in str(error):
            return BackupError(f"It can't be recovered: {ours}.")
    return error


def _copied(source: Path, target: Path) -> None:
    """Copy a folder; where the disk can share blocks (btrfs, XFS), it takes no room."""
    if sys.platform == "linux":
        command = ["cp", "--archive", "--reflink=auto", str(source), str(target)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise BackupError((done.stderr.strip().splitlines() or ["cp failed"])[0])
    else:
        shutil.copytree(source, target, symlinks=True)


def _give(folder: Path, user: int | None) -> None:
    """Give a folder with all that is in it to the server's user, and to nobody else."""
    if user is not None:
        group = pwd.getpwuid(user).pw_gid
        subprocess.run(["chown", "-R", f"{user}:{group}", str(folder)], check=True)
    folder.chmod(0o700)


def _bring_segments(source: Path, target: Path) -> None:
    """Copy WAL under the names that recovery asks for, unpacked; the last may be a part of one."""
    target.mkdir()
    for file in sorted(source.iterdir()):
        name = file.name.removesuffix(".gz").removesuffix(".partial")
        if not file.is_file() or (target / name).exists():
            continue
        if file.suffix == ".gz":
            with gzip.open(file) as packed, (target / name).open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
        else:
            shutil.copyfile(file, target / name)
