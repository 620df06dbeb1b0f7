"""Numbers about backups: how the last check ended, how old it is, and whether the log leaves."""

import time

from wiq.backups import record
from wiq.metrics.measures import Measure, Rows, measures


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


measures.register(
    Measure("wiq_backup_check_failed", "Whether the last check of a backup failed.", (), _failed)
)
measures.register(
    Measure("wiq_backup_check_age_seconds", "How old the last check is.", (), _check_age)
)
measures.register(
    Measure("wiq_backup_log_age_seconds", "Since when the log has not left.", (), _log_age)
)
