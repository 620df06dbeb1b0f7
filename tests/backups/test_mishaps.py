"""What goes wrong around backups, and what the next backup makes of it by itself."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django_redis import get_redis_connection

from tests.backups.primary import Primary, keys
from tests.backups.test_backup import damage, notes_of, taken
from tests.faults.outages import full, small_disk
from wiq import signs
from wiq.backups import catalogue, checking, fetching, record, turns
from wiq.backups.fetching import Places
from wiq.backups.targets import FolderTarget
from wiq.backups.trouble import Why

pytestmark = pytest.mark.thorough


@pytest.fixture(autouse=True)
def nothing_known() -> Any:
    """No check has ended yet."""
    yield
    get_redis_connection("platform").delete(signs.PREFIX + record.CHECK)


def test_where_a_link_is_missing_the_next_backup_begins_anew(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    second = taken(server, target)
    damage(target, second.base.key).unlink()
    assert taken(server, target).kind == "full"
    assert checking.check(target, patience=5).is_well


def test_where_the_check_found_damage_the_next_backup_begins_anew(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    first = taken(server, target)
    file = damage(target, first.base.key)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert checking.check(target, patience=5).why == Why.BROKEN
    assert taken(server, target).kind == "full"
    assert checking.check(target, patience=5).is_well
    assert taken(server, target).kind == "incremental"


def test_after_another_key_the_next_backup_begins_anew_and_opens_with_it_alone(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    taken(server, target)
    settings.WIQ_BACKUP_IDENTITY, public = keys(place, "new")
    settings.WIQ_BACKUP_RECIPIENTS = [public]
    assert taken(server, target).kind == "full"
    assert taken(server, target).kind == "incremental"
    assert checking.check(target, patience=5).is_well


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=400)])
def test_a_clock_that_was_set_back_breaks_no_chain(
    server: Primary, target: FolderTarget, place: Path, monkeypatch: pytest.MonkeyPatch,
    ahead: timedelta,
) -> None:  # fmt: skip
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    with monkeypatch.context() as patched:
        for module in ("catalogue", "taking"):
            patched.setattr(f"wiq.backups.{module}.datetime", Ahead)
        first = taken(server, target)
    assert first.done > datetime.now(UTC) + ahead / 2
    server.note("nach der falschen Uhr")
    second = taken(server, target)
    known = catalogue.finished(target)
    assert [*known] == [first.id, second.id]
    assert catalogue.chain(known, second)[-1] == second
    third = taken(server, target)
    assert third.parent == second.id
    assert checking.check(target, patience=5).backup == third.id
    places = Places.inside(place / "back")
    fetching.fetch(target, places, None)
    assert "nach der falschen Uhr" in notes_of(places, None)


def test_a_full_disk_here_is_not_taken_for_a_damaged_backup(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    backup = taken(server, target)
    with small_disk(20) as disk:
        settings.WIQ_BACKUP_STATE = disk / "state"
        found = checking.check(target, patience=5)
        assert found.why == Why.ROOM
        assert "kein Platz mehr" in str(found) and "unversehrt" in str(found)
        # Nothing of it stays, and there is room again.
        assert not any((disk / "state").iterdir())
    settings.WIQ_BACKUP_STATE = place / "state"
    assert not record.was_damaged({backup.id})
    assert checking.check(target, patience=5).is_well


def test_a_disk_that_is_full_to_its_last_byte_is_told_by_every_command(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    taken(server, target)
    with small_disk(20) as disk:
        settings.WIQ_BACKUP_STATE = disk / "state"
        with full(disk):
            for words in (["check"], ["take"], ["fetch", str(disk / "back")]):
                with pytest.raises(CommandError, match="no room left on this machine"):
                    call_command("backup", *words)


def test_a_folder_that_is_somebody_elses_is_told_in_a_sentence(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    (place / "datei").write_text("x")
    with pytest.raises(CommandError, match=r"cannot be read or written.*user 10001"):
        call_command("backup", "fetch", str(place / "datei" / "back"))


def test_a_full_backup_by_hand_builds_on_nothing(
    server: Primary, target: FolderTarget, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(server, target)
    call_command("backup", "take", "--full")
    assert " full " in capsys.readouterr().out
    assert [one.kind for one in catalogue.finished(target).values()] == ["full", "full"]


def test_one_works_after_the_other_and_says_so(place: Path) -> None:
    said: list[str] = []
    ended: list[float] = []

    def second() -> None:
        with turns.alone(said.append):
            ended.append(time.monotonic())

    with turns.alone(said.append):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.3)
        assert said == ["Another backup or check is at work here; waiting for it."]
        left = time.monotonic()
    waiting.join(5)
    assert ended and ended[0] >= left - 0.01
