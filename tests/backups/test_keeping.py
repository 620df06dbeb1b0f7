"""Which backups stay: so many days, weeks and months, with all that they build on."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from wiq.backups import catalogue, keeping
from wiq.backups.catalogue import Backup
from wiq.backups.sealing import Stored
from wiq.backups.targets import FolderTarget

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


def backup(target: FolderTarget, day: datetime, parent: Backup | None, number: int) -> Backup:
    """Put a small backup to the target: a full one every seventh day."""
    moment = catalogue.new_id(day)
    kept = {}
    for part in ("base.tar.gz.age", "files.tar.gz.age"):
        key = catalogue.key(moment, part)
        target.put(key, BytesIO(b"x"))
        kept[part.split(".")[0]] = Stored(key, 1, 1, "")
    made = Backup(
        id=moment, kind="incremental" if parent else "full", parent=parent.id if parent else "",
        began=day.isoformat(), ended=(day + timedelta(minutes=5)).isoformat(), system="1",
        version="18", segment_bytes=16 << 20, first_segment=f"{1:08X}{0:08X}{number:08X}",
        base=kept["base"], files=kept["files"], districts=2,
    )  # fmt: skip
    catalogue.write(target, made)
    target.put(f"wal/{made.first_segment}.gz.age", BytesIO(b"x"))
    return made


@pytest.fixture
def target(tmp_path: Path, settings: Any) -> FolderTarget:
    """A target with a backup for each of the last two hundred days."""
    settings.WIQ_BACKUP_KEEP = (7, 4, 6)
    target, last = FolderTarget(tmp_path), None
    for number in range(200):
        full = number % 7 == 0
        last = backup(target, NOW - timedelta(days=199 - number), None if full else last, number)
    return target


def test_days_weeks_and_months_stay_with_what_they_build_on(target: FolderTarget) -> None:
    keeping.prune(target)
    stay = catalogue.finished(target)
    for one in stay.values():
        catalogue.look_for(target, catalogue.chain(stay, one))
    ended = [one.done.date() for one in stay.values()]
    assert all((NOW - timedelta(days=day)).date() in ended for day in range(7))
    months = {(day.year, day.month) for day in ended}
    assert months >= {(2026, month) for month in range(7, 13)}
    assert min(ended) >= NOW.date() - timedelta(days=160)
    assert len(stay) < 60


def test_the_log_stays_from_the_oldest_daily_backup_on(target: FolderTarget) -> None:
    keeping.prune(target)
    segments = sorted(name[4:28] for name in target.listed("wal/"))
    assert [int(name[16:], 16) for name in segments] == list(range(193, 200))


def test_pruning_twice_removes_nothing_more(target: FolderTarget) -> None:
    assert keeping.prune(target)
    assert keeping.prune(target) == []


def test_what_was_never_finished_goes_after_two_days(target: FolderTarget) -> None:
    old, new = (
        "backups/20260101T000000Z/base.tar.gz.age",
        "backups/20261201T000000Z/base.tar.gz.age",
    )
    for name in (old, new):
        target.put(name, BytesIO(b"half"))
    os.utime(target.root / old, (1, 1))
    keeping.prune(target)
    assert old not in target.listed("backups/")
    assert new in target.listed("backups/")


def test_an_empty_target_stays_empty(tmp_path: Path) -> None:
    assert keeping.prune(FolderTarget(tmp_path)) == []
