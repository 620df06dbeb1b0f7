"""An engine that spreads districts over servers (Citus): what we ask of it, and when.

No Citus can be installed here. A stand-in answers under the names of its function and of its
table, and only notes what it was asked: it shows our calls, not what Citus does with them.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg.sql import SQL

from tenants.provisioning import functions, looks, migrating, recipes, schemas, standings, template
from tenants.provisioning.services import new_row
from tests import logins
from tests.cast import District
from wiq.database import engine
from wiq.doctor.findings import Verdict
from wiq.embedded.postgres import SUPERUSER
from wiq.tenancy import connection as current

STAND_IN = """
SET allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_schema (schemaid oid PRIMARY KEY, colocationid int);
GRANT SELECT ON pg_catalog.pg_dist_schema TO PUBLIC;
CREATE TABLE pg_catalog.pg_dist_local_group (groupid int PRIMARY KEY);
GRANT SELECT ON pg_catalog.pg_dist_local_group TO PUBLIC;
INSERT INTO pg_catalog.pg_dist_local_group VALUES (0);
CREATE FUNCTION pg_catalog.citus_schema_distribute(schemaname regnamespace) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $function$
BEGIN
    -- As Citus does: what is spread already is left alone, an empty schema is none of ours.
    IF NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = schemaname AND relkind = 'r') THEN
        RAISE EXCEPTION 'asked before the tables were there';
    END IF;
    INSERT INTO pg_catalog.pg_dist_schema VALUES (schemaname, 1);
END $function$;
"""
GONE = """
SET allow_system_table_mods = on;
DROP FUNCTION pg_catalog.citus_schema_distribute(regnamespace);
DROP TABLE pg_catalog.pg_dist_schema, pg_catalog.pg_dist_local_group;
"""


def ask_anew() -> None:
    current.spreads = None


@pytest.fixture
def several(django_db_setup: None) -> Iterator[None]:
    """A server that answers as if it spread schemas; before the test's transaction, and after."""
    with logins.connect(SUPERUSER, autocommit=True) as server:
        server.execute(STAND_IN)
        ask_anew()
        try:
            yield
        finally:
            server.execute(GONE)
            ask_anew()


def asked() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaid::regnamespace::text FROM pg_catalog.pg_dist_schema")
        return [name for (name,) in cursor.fetchall()]


def may_sign_in(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [name])
        return bool(cursor.fetchone()[0])


def made(slug: str) -> str:
    row = new_row(slug=slug, name="Neu", city="Leipzig")
    schemas.create(row)
    return row.schema_name


@pytest.mark.owner
def test_one_postgresql_is_asked_nothing_and_its_districts_sign_in_nowhere(nord: District) -> None:
    ask_anew()
    assert not engine.spreads()
    assert not may_sign_in(made("allein"))
    assert not may_sign_in(nord.row.schema_name)


@pytest.mark.owner
def test_a_new_district_is_given_to_a_server_when_its_tables_stand(
    several: None, nord: District
) -> None:
    assert engine.spreads()
    assert template.build(), "another engine is another template"
    functions.install()
    schema = made("verteilt")
    assert asked() == [schema]
    # One server signs in to another as the district: without a password, and nobody else may.
    assert may_sign_in(schema)
    with logins.connect(SUPERUSER) as server:
        words = SQL("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'd!_%' ESCAPE '!'")
        assert {password for (password,) in server.execute(words)} == {None}


@pytest.mark.owner
def test_a_district_from_before_is_given_to_a_server_once(several: None, nord: District) -> None:
    schema = nord.row.schema_name
    assert not may_sign_in(schema)
    assert not standings.read([schema])[schema].is_spread
    assert schemas.migrate(nord.row) == 0
    assert schemas.migrate(nord.row) == 0, "a second time it is not asked again"
    assert asked() == [schema]
    assert may_sign_in(schema)
    assert standings.read([schema])[schema].is_spread


@pytest.mark.owner
def test_all_districts_from_before_are_given_away_though_nothing_is_to_migrate(
    several: None, nord: District, sued: District
) -> None:
    outcomes = list(migrating.migrate_all([nord.row, sued.row]))
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert sorted(asked()) == sorted([nord.row.schema_name, sued.row.schema_name])


@pytest.mark.owner
def test_where_districts_stand_reads_the_same_on_both_engines(
    several: None, nord: District, sued: District
) -> None:
    wanted = [nord.row.schema_name, sued.row.schema_name, "d_00000000000000aa"]
    spread = standings.read(wanted)
    current.spreads = False
    assert standings.read(wanted) == spread


@pytest.mark.owner
def test_districts_on_several_servers_are_migrated_one_migration_a_transaction(
    several: None, nord: District
) -> None:
    assert recipes.collect(nord.row) is None
    current.spreads = False
    assert recipes.collect(nord.row) is not None


@pytest.mark.owner
def test_the_doctor_says_what_is_not_set_as_several_servers_need_it(
    several: None, nord: District, sued: District
) -> None:
    said = " ".join(one.text for one in looks.servers())
    for words in ("use_citus_managed_tables", "max_cached_connection_lifetime"):
        assert words in said
    assert nord.row.schema_name in said
    for district in (nord, sued):
        schemas.migrate(district.row)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL citus.use_citus_managed_tables = 'on'")
        cursor.execute("SET LOCAL citus.max_cached_connection_lifetime = '2s'")
    assert [one.verdict for one in looks.servers()] == [Verdict.WELL]
    current.spreads = False
    assert list(looks.servers()) == []
