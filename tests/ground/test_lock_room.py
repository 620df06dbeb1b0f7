"""A backup locks every table: there is room for it, and health says where there is not."""

import pytest
from django.db import connection
from django.test import Client

from tests.cast import District
from wiq.database import lock_room
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


def test_the_embedded_server_has_room_for_five_thousand_districts(db: None) -> None:
    given = int(SETTINGS["max_locks_per_transaction"]) * int(SETTINGS["max_connections"])
    assert lock_room.room() == given * 3 // 2 >= lock_room.needed(lock_room.DISTRICTS)


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
