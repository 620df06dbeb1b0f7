"""A backup comes back as it was, and what is not whole says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.backups.primary import NORD, SUED, Primary, keys
from wiq.backups import catalogue, checking, fetching, scratch, taking
from wiq.backups.fetching import Places
from wiq.backups.targets import FolderTarget, Target
from wiq.backups.trouble import BackupError, Why

pytestmark = pytest.mark.thorough


def taken(server: Primary, target: Target) -> catalogue.Backup:
    """Take a backup, and let the log leave that its check needs."""
    server.receiver.tend()
    backup = taking.take(target)
    server.ship_until(target, backup.witnesses[-1].segment)
    return backup


def notes_of(places: Places, moment: datetime | None) -> list[str]:
    """Start a server that reads the log to a moment, and return what its notes say."""
    fetching.make_ready(places.data, places.wal, moment)
    with scratch.restored(places) as where, psycopg.connect(
        **(where | {"dbname": "wiq"}), autocommit=True
    ) as connection:  # fmt: skip
        rows = connection.execute(f"SELECT words FROM {NORD}.note ORDER BY id".encode())
        return [words for (words,) in rows]


def damage(target: FolderTarget, key: str) -> Path:
    """Return the file of the target under a key, to be cut or removed."""
    return Path(target.root) / key


def test_a_full_and_an_incremental_backup_are_restored_and_compared(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    full = taken(server, target)
    server.note("nach der ersten")
    second = taken(server, target)
    assert (full.kind, second.kind, second.parent) == ("full", "incremental", full.id)
    assert second.base.clear < full.base.clear
    found = checking.check(target, patience=5)
    assert (found.why, found.what) == ("", "")
    assert found.schema in (NORD, SUED) and found.rows in (41, 7)
    assert not (place / "state" / "check").exists()
    assert b"Notiz" not in damage(target, full.base.key).read_bytes()


def test_the_server_dies_and_everything_to_a_moment_between_two_rows_comes_back(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    server.note("vor der zweiten Sicherung")
    backup = taken(server, target)
    assert backup.kind == "incremental"
    server.note("die letzte, die bleiben soll")
    between = server.now()
    server.note("ein Versehen")
    server.ship(target)
    moment = datetime.fromisoformat(between)
    places = Places.inside(place / "back")
    fetching.fetch(target, places, moment)
    notes = notes_of(places, moment)
    assert notes[-1] == "die letzte, die bleiben soll"
    assert "vor der zweiten Sicherung" in notes
    assert "ein Versehen" not in notes


def test_without_a_moment_all_that_left_comes_back(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    server.note("die allerletzte")
    server.ship(target)
    places = Places.inside(place / "back")
    fetching.fetch(target, places, None)
    assert notes_of(places, None)[-1] == "die allerletzte"


def test_a_wrong_key_opens_nothing_and_the_check_says_so(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    backup = taken(server, target)
    settings.WIQ_BACKUP_IDENTITY, _public = keys(place, "another")
    found = checking.check(target, patience=5)
    assert (found.why, found.what) == (Why.KEY, backup.base.key)
    assert "Der Schlüssel passt nicht" in str(found)
    with pytest.raises(BackupError, match="Schlüssel passt nicht"):
        fetching.fetch(target, Places.inside(place / "back"), None)
    assert not (place / "back" / "data").exists()


@pytest.mark.parametrize("how", ["cut", "changed", "cut and said so"])
def test_a_file_that_was_cut_or_changed_is_noticed(
    server: Primary, target: FolderTarget, place: Path, how: str
) -> None:
    backup = taken(server, target)
    file = damage(target, backup.base.key)
    content = bytearray(file.read_bytes())
    if how == "changed":
        content[len(content) // 2] ^= 1
    else:
        del content[-70_000:]
    file.write_bytes(content)
    if how == "cut and said so":  # by whoever can write there, too
        about = damage(target, catalogue.key(backup.id, catalogue.ABOUT))
        about.write_text(about.read_text().replace(str(backup.base.size), str(len(content))))
    found = checking.check(target, patience=5)
    assert found.why == Why.BROKEN and backup.base.key in found.what
    with pytest.raises(BackupError, match="unvollständig oder verändert"):
        fetching.fetch(target, Places.inside(place / "back"), None)
    assert not (place / "back" / "data").exists()


@pytest.mark.parametrize("part", ["base.tar.gz.age", "files.tar.gz.age", "backup.json"])
def test_a_missing_link_of_the_chain_is_named(
    server: Primary, target: FolderTarget, place: Path, part: str
) -> None:
    full = taken(server, target)
    assert taken(server, target).kind == "incremental"
    damage(target, catalogue.key(full.id, part)).unlink()
    found = checking.check(target, patience=5)
    assert (found.why, found.what) == (Why.CHAIN, catalogue.key(full.id, part))
    assert "Es fehlt ein Glied der Kette" in str(found)


def test_a_chain_that_leads_round_in_a_circle_is_no_chain(
    server: Primary, target: FolderTarget
) -> None:
    full = taken(server, target)
    about = damage(target, catalogue.key(full.id, catalogue.ABOUT))
    round_ = about.read_text().replace('"kind": "full"', '"kind": "incremental"')
    about.write_text(round_.replace('"parent": ""', f'"parent": "{full.id}"'))
    assert checking.check(target, patience=5).why == Why.CHAIN


def test_a_hole_in_the_log_is_named(server: Primary, target: FolderTarget, place: Path) -> None:
    taken(server, target)
    server.note("davor")
    server.ship(target)
    before = datetime.now(UTC) - timedelta(milliseconds=200)
    server.note("im Loch")
    (lost, *_rest) = server.ship(target)
    server.note("danach")
    server.ship(target)
    target.remove(f"wal/{lost}.gz.age")
    with pytest.raises(BackupError) as error:
        fetching.fetch(target, Places.inside(place / "back"), None)
    assert (error.value.why, error.value.what) == (Why.WAL_GAP, lost)
    with pytest.raises(BackupError, match="fehlt ein Stück"):
        later = datetime.now(UTC) + timedelta(minutes=2)
        fetching.fetch(target, Places.inside(place / "back"), later)
    # What was before the hole is not lost.
    backup = list(catalogue.finished(target).values())[-1]
    assert backup.done < before
    fetching.fetch(target, Places.inside(place / "early"), backup.done)


def test_a_moment_that_the_log_does_not_reach_is_refused(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    with pytest.raises(BackupError, match="reicht nicht so weit"):
        later = datetime.now(UTC) + timedelta(minutes=2)
        fetching.fetch(target, Places.inside(place / "back"), later)
    # Where clocks hide it, PostgreSQL notices.
    moment = datetime.now(UTC) + timedelta(seconds=5)
    places = Places.inside(place / "again")
    fetching.fetch(target, places, moment)
    with pytest.raises(BackupError, match="before configured recovery target was reached"):
        notes_of(places, moment)


def test_a_log_that_does_not_leave_fails_the_check(server: Primary, target: FolderTarget) -> None:
    taking.take(target)
    found = checking.check(target, patience=0)
    assert found.why == Why.WAL_LATE
    assert "Läuft „backup run“?" in str(found)


def test_a_row_that_is_missing_fails_the_check(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    backup = taken(server, target)
    about = damage(target, catalogue.key(backup.id, catalogue.ABOUT))
    more = about.read_text()
    for witness in backup.witnesses:
        rows = witness.rows["note"]
        more = more.replace(f'"note": {rows}', f'"note": {rows + 1}')
    about.write_text(more)
    found = checking.check(target, patience=5)
    assert found.why == Why.ROWS and found.what.startswith("note: ")


def test_a_backup_that_was_never_finished_counts_for_nothing(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    backup = taken(server, target)
    damage(target, catalogue.key(backup.id, catalogue.ABOUT)).unlink()
    assert catalogue.finished(target) == {}
    assert checking.check(target).why == Why.NOTHING
    assert taking.take(target).kind == "full"


def test_nothing_is_overwritten(server: Primary, target: FolderTarget, place: Path) -> None:
    taken(server, target)
    (place / "back" / "data").mkdir(parents=True)
    (place / "back" / "data" / "PG_VERSION").write_text("18")
    with pytest.raises(BackupError, match="nicht leer"):
        fetching.fetch(target, Places.inside(place / "back"), None)
    assert (place / "back" / "data" / "PG_VERSION").read_text() == "18"


def test_a_database_that_refuses_leaves_nothing_behind(
    server: Primary, target: FolderTarget, settings: Any
) -> None:
    settings.WIQ_BACKUP_DATABASE = server.database | {"USER": "wiq"}
    with pytest.raises(BackupError, match="gibt keine Sicherung her"):
        taking.take(target)
    assert target.listed("") == {}
