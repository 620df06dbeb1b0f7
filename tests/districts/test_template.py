"""The template of a district's schema, and the two functions that only make and remove districts."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import schema_context

from tenants.districts.models import District as Row
from tenants.provisioning import functions, grants, schemas, template
from tenants.provisioning.models import TemplateStatement
from tenants.provisioning.services import new_row
from tests import logins
from tests.cast import District
from wiq.database import as_owner

FREE = "d_00000000000000aa"


@pytest.fixture
def login(nord: District) -> Iterator[psycopg.Connection[Any]]:
    """The database login of web and worker, on a connection of its own that commits nothing."""
    with logins.connect(logins.APP) as opened:
        yield opened
        opened.rollback()


def described(schema: str) -> list[str]:
    return template.comparable(template.describe(schema))


@pytest.mark.owner
def test_a_replayed_district_is_like_one_that_was_migrated(nord: District) -> None:
    made = []
    for number, create in enumerate((schemas.create, schemas.create_by_migrating)):
        row = new_row(slug=f"wie-{number}", name="Wie", city="Leipzig")
        create(row)
        made.append(described(row.schema_name))
        assert schemas.migrate(row) == 0
    assert made[0] == made[1] == described(nord.row.schema_name)
    assert len(made[0]) > 50
    assert template.differences() == {}


@pytest.mark.owner
def test_a_district_that_drifted_is_named_with_what_differs(nord: District, sued: District) -> None:
    schema = sued.row.schema_name
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{schema}".people_team DROP CONSTRAINT team_kind_known')
    (found,) = template.differences().items()
    assert found[0] == schema
    assert "people_team" in found[1]


@pytest.mark.owner
@pytest.mark.thorough
def test_the_template_of_an_older_version_goes_on_like_a_district(nord: District) -> None:
    wanted = template.comparable(template.describe(template.SCHEMA))
    with schema_context(template.SCHEMA), as_owner():
        MigrationExecutor(connection).migrate([("contact", "0001_initial")])
    assert template.comparable(template.describe(template.SCHEMA)) != wanted
    forget_version()
    assert template.build() is True
    assert template.comparable(template.describe(template.SCHEMA)) == wanted


@pytest.mark.owner
@pytest.mark.thorough
def test_a_template_with_migrations_that_no_version_knows_is_made_anew(nord: District) -> None:
    with schema_context(template.SCHEMA), as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_nobody ()")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('contact', '0999_tried', now())"
        )
    forget_version()
    assert template.build() is True
    made = template.describe(template.SCHEMA)
    assert "of_nobody" not in " ".join(made)
    assert template.comparable(made) == described(nord.row.schema_name)


def forget_version() -> None:
    TemplateStatement.objects.filter(position=0).update(words="-- another version")


@pytest.mark.owner
def test_building_the_template_again_changes_nothing(db: None) -> None:
    assert template.build() is False


@pytest.mark.owner
def test_a_changed_set_of_migrations_builds_the_template_anew(db: None) -> None:
    template.TemplateStatement.objects.filter(position=0).update(words="-- an older version")
    assert template.build() is True
    assert template.build() is False


def test_the_login_makes_a_district_and_nothing_else(login: psycopg.Connection[Any]) -> None:
    for forbidden in ("CREATE SCHEMA mine", "CREATE ROLE mine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), login.transaction():
            login.execute(forbidden)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), login.transaction():
        login.execute(f"UPDATE {grants.TEMPLATE} SET words = 'DROP SCHEMA public'")
    login.execute(f"SELECT public.{functions.CREATE}('{FREE}')")
    login.execute(f'SET LOCAL ROLE "{FREE}"')
    assert login.execute(f'SELECT count(*) FROM "{FREE}".people_person').fetchone() == (0,)


@pytest.mark.parametrize(
    "name", ["public", "wiq_template", 'd_"; DROP SCHEMA public', "d_00aa", ""]
)
@pytest.mark.parametrize("function", [functions.CREATE, functions.DROP])
def test_the_functions_take_no_name_that_somebody_chose(
    login: psycopg.Connection[Any], name: str, function: str
) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="no name of a district"):
        login.execute(f"SELECT public.{function}(%s)", [name])


def test_a_district_that_is_there_is_not_dropped(nord: District) -> None:
    with pytest.raises(ProgrammingError, match="is still there"), transaction.atomic():
        functions.drop_schema(nord.row.schema_name)
    assert nord.team().slug == "unterstuetzungsteam"


def test_dropping_takes_schema_and_role_and_may_be_repeated(db: None) -> None:
    functions.create_schema(FREE)
    for _again in range(2):
        functions.drop_schema(FREE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [FREE])
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [FREE])
            assert cursor.fetchone() == (0,)


@pytest.mark.owner
def test_migrating_everything_leaves_districts_as_they_are(nord: District) -> None:
    before = template.describe(nord.row.schema_name)
    call_command("migrate_districts")
    assert template.describe(nord.row.schema_name) == before
    assert Row.objects.filter(slug="nord").exists()
