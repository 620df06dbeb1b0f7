"""A backup locks every table: there is room for it, and health says where there is not."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.cast import District
from wiq.database import lock_room
from wiq.embedded import postgres
from wiq.embedded.postgres import SETTINGS

COUNT = """SELECT count(*) FROM pg_class
           WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(%s)"""


def tables(schema: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [schema])
        return int(cursor.fetchone()[0])


def test_a_district_has_no_more_to_lock_than_is_counted_for_it(nord: District) -> None:
    assert 25 < tables(nord.row.schema_name) <= lock_room.OF_A_DISTRICT
    beside = tables("public") + tables("wiq_template")
    assert beside < lock_room.BESIDE - 500  # the catalogue, which a dump reads as well


@pytest.mark.parametrize(("files", "districts"), [(0, 1_000), (3, 1_000), (4, lock_room.DISTRICTS)])
def test_the_embedded_server_has_room_for_twice_its_districts(
    files: int, districts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "FILES_OF_FEW", 3)
    (tmp_path / "base" / "5").mkdir(parents=True)
    for number in range(files):
        (tmp_path / "base" / "5" / str(number)).touch()
    given = int(postgres.room_for_locks(tmp_path)) * int(SETTINGS["max_connections"])
    assert given * 3 // 2 >= lock_room.needed(districts)


def test_what_is_counted_as_room_is_what_the_server_was_given(db: None) -> None:
    given = int(postgres.LOCKS_OF_FEW) * int(SETTINGS["max_connections"])
    assert lock_room.room() == given * 3 // 2


def test_health_says_when_a_backup_would_fail(
    nord: District, platform: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert platform.get("/health/ready").json()["backup"] == "ok"
    room = lock_room.room()
    # Two districts of the cast: exactly as much as there is, and one lock more.
    monkeypatch.setattr(lock_room, "OF_A_DISTRICT", room // 2)
    monkeypatch.setattr(lock_room, "BESIDE", room % 2)
    assert platform.get("/health/ready").json()["backup"] == "ok"
    monkeypatch.setattr(lock_room, "BESIDE", room % 2 + 1)
    answer = platform.get("/health/ready")
    assert (answer.status_code, answer.json()["backup"]) == (503, "failed: TooFewLocks")
