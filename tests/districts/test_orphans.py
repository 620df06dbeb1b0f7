"""Schemas and roles that no district claims: named at once, dropped late, never a neighbour's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tenants.districts.models import District as Row
from tenants.provisioning import functions, looks, orphans
from tenants.provisioning.models import Orphan, Unfinished
from tests import logins
from tests.cast import District
from tests.districts.test_orders import left_of
from tests.districts.test_unfinished import at_work
from wiq.embedded.postgres import SUPERUSER

LOST = "d_00000000000000ab"


@pytest.fixture
def lost(nord: District) -> str:
    """A schema as a restore of yesterday's public schema leaves it: without a row."""
    functions.create_schema(LOST)
    return LOST


def roles() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^d_[0-9a-f]{16}$'")
        return {name for (name,) in cursor.fetchall()}


def later() -> None:
    Orphan.objects.update(since=timezone.now() - timedelta(days=15))


def test_a_schema_without_a_district_is_named_and_dropped_after_two_weeks_only(
    lost: str, nord: District, sued: District
) -> None:
    theirs = {nord.row.schema_name, sued.row.schema_name}
    assert orphans.sweep() == 0
    assert [orphan.schema_name for orphan in Orphan.objects.all()] == [lost]
    assert left_of({lost} | theirs) == {lost} | theirs
    (said,) = looks.orphans()
    assert lost in said.text
    later()
    assert orphans.sweep() == 1
    assert left_of({lost} | theirs) == theirs
    assert lost not in roles()
    assert not Orphan.objects.exists()


def test_a_schema_whose_district_comes_back_is_no_orphan_any_more(lost: str) -> None:
    orphans.sweep()
    later()
    Row.objects.create(schema_name=lost, slug="wieder-da", name="Wieder da", city="Leipzig")
    assert orphans.sweep() == 0
    assert left_of({lost}) == {lost}
    assert not Orphan.objects.exists()


def test_what_is_under_way_is_no_orphan(lost: str) -> None:
    Unfinished.objects.create(schema_name=lost)
    assert orphans.sweep() == 0
    assert not Orphan.objects.exists()


def test_what_somebody_is_at_stays(lost: str) -> None:
    orphans.sweep()
    later()
    with logins.connect(logins.APP, autocommit=True) as other:
        at_work(lost, other)
        assert orphans.sweep() == 0
        # A server may notice some moments later that a connection was closed.
        other.execute("SELECT pg_advisory_unlock_all()")
        assert orphans.sweep() == 1


@pytest.fixture
def elsewhere(django_db_setup: None) -> Iterator[str]:
    """The role of a district that stands in another database of the same server."""
    name = "d_00000000000000ad"
    with logins.connect(SUPERUSER, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} NOLOGIN")
        server.execute(f"CREATE SCHEMA {name}")
        server.execute(f"GRANT USAGE ON SCHEMA {name} TO {name}")
        yield name
        server.execute(f"DROP SCHEMA {name}")
        server.execute(f"DROP ROLE {name}")


@pytest.mark.owner
def test_a_role_without_a_schema_goes_but_not_one_that_another_database_knows(
    elsewhere: str, nord: District
) -> None:
    here = "d_00000000000000ac"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {here} NOLOGIN")
    assert orphans.sweep() == 1
    left = roles()
    assert here not in left
    assert {elsewhere, nord.row.schema_name} <= left
