"""The check: one district out of the newest backup, on a server started from it."""

import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path

import psycopg
from django.conf import settings

from wiq.backups import catalogue, fetching, passes, record, scratch, server, witnesses
from wiq.backups.catalogue import WAL, Backup, Witness
from wiq.backups.fetching import SEALED, Places
from wiq.backups.record import Checked
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why

# So long a check waits for the part of the log that holds its moment.
PATIENCE_SECONDS = 600.0


def check(target: Target, patience: float = PATIENCE_SECONDS) -> Checked:
    """Restore a district out of the newest backup, compare it, and note how it ended.

    A failure is noted and returned, never raised: it is what the check is for.
    """
    backup_id = schema = ""
    try:
        known = catalogue.finished(target)
        backup = catalogue.before(known, None)
        backup_id = backup.id
        links = catalogue.chain(known, backup)
        catalogue.look_for(target, links)
        witness = secrets.choice(backup.witnesses) if backup.witnesses else None
        if witness is not None:
            schema = witness.schema
            _wait_for(target, witness, patience)
        found = _restored(target, links, backup, witness)
    except Exception as error:
        found = record.failed(error, backup_id, schema)
    record.note_checked(found)
    return found


def _wait_for(target: Target, witness: Witness, patience: float) -> None:
    until = time.monotonic() + patience
    while f"{WAL}{witness.segment}{SEALED}" not in target.listed(WAL):
        if time.monotonic() > until:
            raise BackupError(Why.WAL_LATE, witness.segment)
        time.sleep(1)


def _restored(
    target: Target, links: list[Backup], backup: Backup, witness: Witness | None
) -> Checked:
    folder = Path(settings.WIQ_BACKUP_STATE) / "check"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The server's user passes, and sees what it was given alone.
    folder.chmod(0o711)
    places = Places.inside(folder)
    try:
        fetching.database(target, links, places.data)
        fetching.files_of(target, links, places.files)
        fetching.passes_of(target, _passes_of_a_day(target, backup), places.files)
        if witness is None:
            return Checked(time.time(), backup.id)
        segments = _up_to(target, backup, witness.segment)
        fetching.log(target, segments, places.wal)
        with scratch.started(places, witness.point) as where:
            rows = _compare(where, witness)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Checked(time.time(), backup.id, witness.schema, rows)


def _passes_of_a_day(target: Target, backup: Backup) -> list[str]:
    """Return what was brought since the day before: all of it can be opened, or the check fails."""
    day = catalogue.new_id(catalogue.moment_of(backup.id) - timedelta(days=1))
    return passes.following(target, day, None)


def _up_to(target: Target, backup: Backup, last: str) -> list[str]:
    """Return the parts of the log from a backup to one of them. Raises BackupError."""
    there, names = target.listed(WAL), [backup.first_segment]
    while names[-1][8:] < last[8:]:
        names.append(catalogue.next_segment(names[-1], backup.segment_bytes))
    for name in names:
        if f"{WAL}{name}{SEALED}" not in there:
            raise BackupError(Why.WAL_GAP, name)
    return names


def _compare(where: dict[str, str], witness: Witness) -> int:
    """Compare a restored district with its witness; return how many rows it has.

    Raises BackupError (ROWS, SHAPE).
    """
    name: str = settings.WIQ_BACKUP_DATABASE["NAME"]
    with psycopg.connect(**(where | {"dbname": name}), autocommit=True) as connection:  # type: ignore[arg-type]
        rows = witnesses.count(connection, witness.schema)
        for table in sorted(rows.keys() | witness.rows.keys()):
            if rows.get(table) != witness.rows.get(table):
                wanted = f"{table}: {rows.get(table)} != {witness.rows.get(table)}"
                raise BackupError(Why.ROWS, wanted)
        if witnesses.shape(connection, witness.schema) != witness.shape:
            raise BackupError(Why.SHAPE, witness.schema)
    # Every page of its tables and indexes is read.
    server.run(
        "pg_amcheck", "--install-missing", f"--host={where['host']}",
        f"--username={where['user']}", f"--schema={witness.schema}", name, why=Why.SHAPE,
    )  # fmt: skip
    return sum(rows.values())
