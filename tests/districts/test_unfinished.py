"""Districts between two transactions: half made or half gone, they end whole or not at all."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from tenants.districts.models import District as Row
from tenants.districts.models import Domain
from tenants.provisioning import functions, making, removal
from tenants.provisioning.models import Removal, Unfinished
from tenants.provisioning.services import create_district, new_row
from tests import logins
from tests.cast import ACTOR, District
from tests.districts.test_orders import left_of
from tests.stack.running import eventually
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.audit.models import Entry

WISH = {"slug": "westviertel", "name": "Westviertel", "city": "Leipzig"}


class Killed(BaseException):
    """Stands for the end of a process, after which nobody takes anything back."""


def half_made(monkeypatch: pytest.MonkeyPatch) -> str:
    """Leave a district as somebody leaves it who is killed while filling it."""
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(making, "_try_to_take_back", lambda schema_name: None)
        with making.whole(lambda: new_row(**WISH), actor=ACTOR):
            raise Killed
    return Row.objects.get(slug="westviertel").schema_name


def at_work(schema_name: str, other: Any) -> None:
    """Let another connection hold the lock of a schema."""
    other.execute("SELECT pg_advisory_lock(%s)", [int(schema_name[2:], 16) - 2**63])


def test_a_whole_district_is_not_unfinished_any_more(nord: District) -> None:
    made = create_district(**WISH, actor=ACTOR, coordinator="kim@west.example")
    assert not Unfinished.objects.exists()
    assert left_of({made.schema_name}) == {made.schema_name}
    with District("westviertel").inside():
        assert User.objects.get().email == "kim@west.example"


def test_a_district_that_cant_be_filled_leaves_nothing(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def refuse(**data: Any) -> None:
        seen.append(connection.schema_name)  # type: ignore[attr-defined]
        raise ValidationError("no such address")

    monkeypatch.setattr(accounts, "create_account", refuse)
    recorded = Entry.objects.count()
    with pytest.raises(ValidationError):
        create_district(**WISH, actor=ACTOR, coordinator="kim@west.example")
    assert left_of(set(seen)) == set()
    assert not Row.objects.filter(slug="westviertel").exists()
    assert not Domain.objects.filter(domain__startswith="westviertel").exists()
    assert not Unfinished.objects.exists()
    # It never was: its name doesn't rest, and no log tells of it.
    assert not Removal.objects.exists()
    assert Entry.objects.count() == recorded


def test_a_district_that_is_removed_while_it_is_filled_leaves_nothing(nord: District) -> None:
    with (
        pytest.raises(Row.DoesNotExist),
        making.whole(lambda: new_row(**WISH), actor=ACTOR) as district,
    ):
        removal.remove(district)
    assert left_of({district.schema_name}) == set()
    assert not Unfinished.objects.exists()


def test_making_a_district_can_not_stand_in_a_transaction_of_somebody_else(nord: District) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        create_district(**WISH, actor=ACTOR)


def test_what_was_killed_in_between_is_taken_back_by_whoever_comes_next(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = half_made(monkeypatch)
    assert left_of({killed}) == {killed}
    again = create_district(**WISH, actor=ACTOR)
    assert left_of({killed, again.schema_name}) == {again.schema_name}
    assert [row.schema_name for row in Row.objects.filter(slug="westviertel")] == [
        again.schema_name
    ]


def test_what_somebody_is_at_is_left_alone(nord: District, monkeypatch: pytest.MonkeyPatch) -> None:
    schema_name = half_made(monkeypatch)
    with logins.connect(logins.APP, autocommit=True) as other:
        at_work(schema_name, other)
        assert making.take_back_unfinished() == 0
        assert Row.objects.filter(schema_name=schema_name).exists()
    # The server lets go of the lock a moment after whoever held it has gone.
    eventually(lambda: making.take_back_unfinished() == 1, 5, "it was taken back")
    assert left_of({schema_name}) == set()


def test_a_schema_that_could_not_be_dropped_goes_at_night(
    nord: District,
    sued: District,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    schema_name = nord.row.schema_name

    def fail(name: str) -> None:
        raise DatabaseError("lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr(functions, "drop_schema", fail)
        with django_capture_on_commit_callbacks(execute=True):
            removal.remove(nord.row)
    assert not Row.objects.filter(slug="nord").exists()
    assert left_of({schema_name}) == {schema_name}
    assert making.take_back_unfinished() == 1
    assert left_of({schema_name, sued.row.schema_name}) == {sued.row.schema_name}
    assert making.take_back_unfinished() == 0
