"""When the standby is asked, and when the primary: by itself, without a second server."""

from typing import Any

import pytest
from django.db import OperationalError
from django_redis import get_redis_connection

from wiq.database import standby
from wiq.outages import Circuit

SCHEMA = "d_0123456789abcdef"


@pytest.fixture
def positions(monkeypatch: pytest.MonkeyPatch) -> dict[str, int | None]:
    """How far both servers are; a standby that is there."""
    found: dict[str, int | None] = {"primary": 100, "standby": 100}
    asked = {standby._POSITION: "primary", standby._REPLAYED: "standby"}
    monkeypatch.setattr(standby, "is_set", lambda: True)
    monkeypatch.setattr(standby, "CIRCUIT", Circuit())
    monkeypatch.setattr(standby, "_asked", lambda where, sql: found[asked[sql]])
    monkeypatch.setattr(standby, "connections", {standby.ALIAS: Connection()})
    monkeypatch.setattr(standby, "primary", Connection())
    get_redis_connection("platform").zrem("wiq-written", SCHEMA, standby.EVERYTHING)
    standby.note_write(SCHEMA)
    standby.note_write(standby.EVERYTHING)
    return found


class Connection:
    in_atomic_block = False

    def set_tenant(self, tenant: Any) -> None:
        """As django-tenants' connection."""

    def set_schema_to_public(self) -> None:
        """As django-tenants' connection."""


def where() -> str:
    """Return where a page is made now."""
    router = standby.Router()
    return standby.read_there(SCHEMA, lambda: router.db_for_read(None) or "primary")


def test_the_standby_is_asked_as_soon_as_it_knows_what_was_written(
    positions: dict[str, int | None],
) -> None:
    assert where() == "standby"
    positions["primary"] = 200
    standby.note_write(SCHEMA)
    assert where() == "primary"
    positions["standby"] = 200
    assert where() == "standby"


def test_an_earlier_position_that_is_noted_late_takes_nothing_back(
    positions: dict[str, int | None],
) -> None:
    positions["primary"] = 200
    standby.note_write(SCHEMA)
    positions["primary"] = 150
    standby.note_write(SCHEMA)
    positions["standby"] = 160
    assert where() == "primary"


def test_what_concerns_every_district_counts_as_well(positions: dict[str, int | None]) -> None:
    positions["primary"] = 200
    standby.note_write(standby.EVERYTHING)
    assert where() == "primary"


def test_where_nothing_is_noted_the_position_of_now_is(positions: dict[str, int | None]) -> None:
    get_redis_connection("platform").zrem("wiq-written", SCHEMA)
    positions["primary"] = 300
    assert where() == "primary"
    positions["standby"] = 299
    assert where() == "primary"
    positions["standby"] = 300
    assert where() == "standby"


def test_a_server_that_was_promoted_is_not_asked(positions: dict[str, int | None]) -> None:
    positions["standby"] = None
    assert where() == "primary"


def test_where_the_standby_fails_the_primary_makes_the_page(
    positions: dict[str, int | None],
) -> None:
    made: list[str] = []

    def view() -> str:
        made.append(standby.Router().db_for_read(None) or "primary")
        if made[-1] == "standby":
            raise OperationalError("canceling statement due to conflict with recovery")
        return "page"

    assert standby.read_there(SCHEMA, view) == "page"
    assert made == ["standby", "primary"]
    # And for a moment nobody tries it again.
    assert where() == "primary"
