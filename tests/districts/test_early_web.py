"""Web answers while districts are still brought to its version: each is looked at when it is used."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_redis import get_redis_connection

from directory.solutions.models import Topic
from tenants.districts import turns
from tenants.provisioning import migrating
from tenants.provisioning.connections import over_several
from tests.cast import District
from tests.districts.test_failed_migrations import forget_that_it_ran, remember_that_it_ran
from wiq.database import standing

pytestmark = pytest.mark.owner


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know of no schema yet whether it fits."""
    monkeypatch.setattr(standing, "_fitting", set())
    get_redis_connection("platform").delete("wiq-turns")


def test_what_is_needed_is_known_from_the_files_alone(nord: District) -> None:
    assert standing.needed() == frozenset(MigrationLoader(connection).disk_migrations)
    with nord.inside():
        assert standing.fits(nord.row.schema_name)
    assert standing.public_fits()


@pytest.mark.parametrize("path", ["/", "/koordination/", "/api/v1/teams/"])
def test_a_district_whose_turn_is_to_come_says_later_and_others_answer(
    nord: District, sued: District, path: str
) -> None:
    forget_that_it_ran(nord)
    answer = nord.client().get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "auf den neuesten Stand gebracht" in answer.content.decode()
    assert turns.asked_for() == {nord.row.schema_name}
    assert sued.client().get("/").status_code == 200
    remember_that_it_ran(nord)
    assert nord.client().get("/").status_code == 200


def test_a_district_is_asked_once_in_a_process(
    nord: District, django_assert_num_queries: Any
) -> None:
    schema = nord.row.schema_name
    with nord.inside():
        Topic.objects.exists()  # path and role are set before the first statement
        with django_assert_num_queries(1):
            assert standing.fits(schema)
        with django_assert_num_queries(0):
            assert standing.fits(schema)


def test_whoever_is_waited_for_comes_before_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    districts: list[Any] = [SimpleNamespace(schema_name=f"d_{number}") for number in range(12)]
    turns.ask_for("d_9")
    # Outside of the test's transaction, over one connection.
    monkeypatch.setattr("tenants.provisioning.connections.connection",
                        SimpleNamespace(in_atomic_block=False, close=lambda: None))  # fmt: skip
    came = over_several(
        lambda one: one.schema_name, districts, connections=1, choose=migrating._waited_for
    )
    assert list(came) == ["d_9", *(f"d_{n}" for n in range(12) if n != 9)]
