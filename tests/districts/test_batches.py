"""Many districts brought to a new version at once: planned once, the same in each as by Django."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from directory.contact.models import ContactRequest
from tenants.districts.models import District as Row
from tenants.provisioning import migrating, recipes, schemas, standings, template
from tenants.provisioning.management.commands import migrate_districts
from tenants.provisioning.services import new_row
from tests import logins
from tests.cast import District
from wiq.database import as_owner

pytestmark = pytest.mark.owner
# Before rooms had states, steps and languages: what comes after changes tables, constraints and
# rows, by SQL and by Python.
OLDER = [("contact", "0001_initial"), ("ideas", "0001_initial")]


@pytest.fixture
def west(nord: District, sued: District) -> Row:
    """A third district, like the two of the cast."""
    row = new_row(slug="west", name="Westviertel", city="Leipzig")
    schemas.create(row)
    return row


def go_back(*rows: Row) -> None:
    """Bring districts to an older version."""
    for row in rows:
        with tenant_context(row), as_owner():
            schemas.check_now()
            MigrationExecutor(connection).migrate(OLDER)


def described(row: Row) -> list[str]:
    return template.comparable(template.describe(row.schema_name))


def migrate(*rows: Row) -> dict[str, migrating.Outcome]:
    return {each.district.slug: each for each in migrating.migrate_all(rows)}


def test_districts_that_stand_alike_are_one_group_and_others_are_apart(
    nord: District, sued: District, west: Row
) -> None:
    (all_alike,) = standings.groups([nord.row, sued.row, west])
    assert [row.slug for row in all_alike] == ["nord", "sued", "west"]
    go_back(sued.row)
    alike, apart = standings.groups([nord.row, sued.row, west])
    assert [row.slug for row in alike] == ["nord", "west"]
    assert [row.slug for row in apart] == ["sued"]


def test_where_there_is_nothing_to_do_only_one_of_a_group_is_asked(
    nord: District, sued: District, west: Row
) -> None:
    with CaptureQueriesContext(connection) as two:
        migrate(nord.row, sued.row)
    with CaptureQueriesContext(connection) as three:
        done = migrate(nord.row, sued.row, west)
    # The row of the third one is read by the test.
    assert len(three) == len(two)
    assert {slug: (each.count, each.error) for slug, each in done.items()} == {
        "nord": (0, ""), "sued": (0, ""), "west": (0, ""),
    }  # fmt: skip


def test_the_first_goes_as_django_does_and_the_others_come_out_the_same(
    nord: District, sued: District, west: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = described(nord.row)
    rows = [nord.row, sued.row, west]
    go_back(*rows)
    assert described(west) != wanted
    django = []
    monkeypatch.setattr(
        schemas, "migrate", lambda row, own=schemas.migrate: django.append(row.slug) or own(row)
    )
    done = migrate(*rows)
    assert django == ["nord"]
    assert [described(row) for row in rows] == [wanted] * 3
    counts = {each.count for each in done.values()}
    assert len(counts) == 1
    assert counts.pop() > 5
    assert len(set(standings.read(row.schema_name for row in rows).values())) == 1
    for row in rows:
        with tenant_context(row), as_owner():
            assert migrating._planned() == []


@pytest.mark.thorough
def test_what_migrations_do_in_python_is_done_with_the_rows_of_each_district(
    nord: District, sued: District, west: Row
) -> None:
    ended = {"nord": datetime(2026, 3, 1, tzinfo=UTC), "sued": datetime(2026, 4, 1, tzinfo=UTC)}
    for district in (nord, sued):
        with district.inside():
            ContactRequest.objects.create(
                name=district.slug, email="ada@nirgends.example", message="Guten Tag " * 3,
                state="closed", closed_at=ended[district.slug], done_at=ended[district.slug],
            )  # fmt: skip
    go_back(nord.row, sued.row, west)  # without the column "done_at"
    migrate(west, nord.row, sued.row)
    for district in (nord, sued):
        with district.inside():
            (request,) = ContactRequest.objects.all()
            assert (request.name, request.done_at) == (district.slug, ended[district.slug])
    with tenant_context(west):
        assert not ContactRequest.objects.exists()


@pytest.mark.thorough
def test_a_district_whose_tables_differ_fails_alone_and_stays_as_it_was(
    nord: District, sued: District, west: Row
) -> None:
    wanted = described(nord.row)
    rows = [nord.row, sued.row, west]
    go_back(*rows)
    with tenant_context(rows[1]), as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE contact_contactrequest ADD COLUMN done_at text")
    before = described(rows[1])
    done = migrate(*rows)
    assert done["sued"].error
    assert not done["nord"].error
    assert not done["west"].error
    assert described(west) == wanted
    assert described(rows[1]) == before
    assert [row.slug for row in Row.objects.behind()] == ["sued"]


@pytest.mark.thorough
def test_one_that_fails_first_holds_up_none_of_its_group(
    nord: District, sued: District, west: Row
) -> None:
    rows = [nord.row, sued.row, west]
    go_back(*rows)
    with tenant_context(rows[0]), as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE contact_contactrequest ADD COLUMN done_at text")
    done = migrate(*rows)
    assert [slug for slug, each in done.items() if each.error] == ["nord"]


def test_a_right_that_is_missing_comes_back_and_nobody_elses_are_touched(
    nord: District, sued: District, west: Row
) -> None:
    schema = west.schema_name
    with connection.cursor() as cursor:
        cursor.execute(f'REVOKE SELECT ON "{schema}".people_team FROM "{schema}"')
    with CaptureQueriesContext(connection) as queries:
        migrate(nord.row, sued.row, west)
    granted = {query["sql"] for query in queries if query["sql"].startswith("GRANT SELECT")}
    assert not [each for each in granted if sued.row.schema_name in each]
    assert len(set(standings.read([nord.row.schema_name, schema]).values())) == 1


@pytest.mark.thorough
def test_rights_that_all_lack_are_given_to_all(nord: District, sued: District, west: Row) -> None:
    rows = [nord.row, sued.row, west]
    with connection.cursor() as cursor:
        for row in rows:
            name = row.schema_name
            cursor.execute(f'REVOKE SELECT ON "{name}".people_team FROM "{name}"')
    migrate(*rows)
    for row in rows:
        with tenant_context(row), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_team")


@pytest.mark.thorough
def test_a_table_that_somebody_holds_is_waited_for_without_holding_up_others(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemas, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "PAUSES_SECONDS", [0.2] * 20)
    go_back(nord.row)
    schema = nord.row.schema_name
    with logins.connect(logins.OWNER) as other:
        # The table of another room: ours are changed in this test's own transaction.
        other.execute(f'LOCK TABLE "{schema}".people_person IN ROW EXCLUSIVE MODE')
        let_go = threading.Timer(0.5, other.rollback)
        let_go.start()
        outcome = migrating._noted(nord.row, lambda: locks(schema))
        let_go.join()
    assert outcome.error == ""
    assert outcome.count == 7


def locks(schema: str) -> int:
    with schemas.waiting_briefly(), connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{schema}".people_person')
    return 7


@pytest.mark.thorough
def test_a_migration_that_no_transaction_may_hold_is_left_to_django(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_back(nord.row)
    assert recipes.collect(nord.row)
    with tenant_context(nord.row), as_owner():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    monkeypatch.setattr(type(plan[-1][0]), "atomic", False)
    assert recipes.collect(nord.row) is None


@pytest.mark.thorough
def test_the_command_of_django_tenants_goes_the_same_way(nord: District, sued: District) -> None:
    wanted = described(nord.row)
    go_back(nord.row, sued.row)
    call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0)
    assert described(nord.row) == described(sued.row) == wanted
    with nord.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contact_contactrequest")


@pytest.mark.thorough
def test_whoever_waits_longer_than_a_moment_learns_how_much_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    now = [0.0]
    monkeypatch.setattr(migrate_districts.time, "monotonic", lambda: now[0])
    progress = migrate_districts.Progress(2000, said.append)
    for _each in range(2000):
        now[0] += 0.01  # ten milliseconds each
        progress.count_one()
    assert [words.split(", ")[1] for words in said] == [
        "about 15 s left", "about 10 s left", "about 5 s left",
    ]  # fmt: skip
    assert said[0].startswith("50")


def test_nobody_writes_rows_of_districts_after_migrations() -> None:
    """What ``migrate`` sends to apps afterwards reaches the public schema alone.

    Content types and permissions stand there. An app that fills tables of districts that way
    needs a call for each of them.
    """
    public = {"django.contrib.auth.management", "django.contrib.contenttypes.management",
              "django.contrib.auth.apps", "django.contrib.contenttypes.apps"}  # fmt: skip
    for signal in (pre_migrate, post_migrate):
        receivers: list[Any] = [found[1]() for found in signal.receivers]
        assert {receiver.__module__ for receiver in receivers if receiver} <= public
