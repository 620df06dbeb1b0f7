"""Numbers about backups: how the last check ended, how old it is, whether log and files leave."""

import time

from django.db import connection

from wiq.backups import record
from wiq.backups.slot import SLOT
from wiq.metrics.measures import Measure, Rows, measures

# Of a slot that PostgreSQL has given up, nothing is known any more.
KEPT = """
SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots
WHERE slot_name = %s"""


def _failed() -> Rows:
    """Return 1 where the last check failed; no row where there was none."""
    if (found := record.checked()) is not None:
        yield (), 0 if found.is_well else 1


def _check_age() -> Rows:
    if (found := record.checked()) is not None:
        yield (), max(time.time() - found.at, 0)


def _log_age() -> Rows:
    if (left := record.log_left()) is not None:
        yield (), max(time.time() - left, 0)


def _files_age() -> Rows:
    if (left := record.files_left()) is not None:
        yield (), max(time.time() - left, 0)


def _log_kept() -> Rows:
    """Return what PostgreSQL keeps until it is fetched; no row where nobody fetches it."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [SLOT])
        row = cursor.fetchone()
    if row is not None and row[0] is not None:
        yield (), max(int(row[0]), 0)


measures.register(
    Measure("wiq_backup_check_failed", "Whether the last check of a backup failed.", (), _failed)
)
measures.register(
    Measure("wiq_backup_check_age_seconds", "How old the last check is.", (), _check_age)
)
measures.register(
    Measure("wiq_backup_log_age_seconds", "Since when the log has not left.", (), _log_age)
)
measures.register(
    Measure("wiq_backup_files_age_seconds", "Since when uploads have not left.", (), _files_age)
)
measures.register(
    Measure("wiq_backup_log_kept_bytes", "The log that waits to be fetched.", (), _log_kept)
)
