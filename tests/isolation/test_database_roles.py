"""The database itself keeps districts apart: whatever SQL runs for one reaches no other."""

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context
from psycopg.sql import SQL, Identifier

from tenants.districts.models import District as Row
from tenants.provisioning import grants
from tests import logins
from tests.cast import District
from tests.isolation.acting import acting_as
from wiq.accounts.models import User
from wiq.database import reset_connection
from wiq.mail import services as mail
from wiq.outbox.models import Pointer
from wiq.reputation.models import Slowed

# What a district may do in the public schema, table by table: nothing else.
PUBLIC_TO_DISTRICTS = {
    "django_content_type": "r",
    "districts_operator": "r",
    "districts_platformoperator": "r",
    "districts_domain": "r",
    "districts_district": "r",  # and one column, its number of solution teams, to be updated
    "outbox_pointer": "rawd",
    "outbox_trouble": "rawd",
    "senders_sender": "rawd",
    "calls_waitingcall": "rawd",
    "reputation_report": "ra",
    "reputation_slowed": "r",  # and the moment of its next mail, to be updated
}
# What the login of web and worker may not write either.
READ_ALONE = {"django_migrations": "r", "provisioning_templatestatement": "r"}
PRIVILEGES = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return [name for (name,) in cursor.fetchall()]


def privileges(role: str, schema: str, table: str) -> str:
    """Return what a role may do with a table, in PostgreSQL's letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", [role, schema])
        if not cursor.fetchone()[0]:
            return ""
        letters = ""
        for letter, name in PRIVILEGES.items():
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, %s)", [role, f'"{schema}".{table}', name]
            )
            letters += letter if cursor.fetchone()[0] else ""
    return letters


@pytest.mark.parametrize("statement", [
    'SELECT * FROM "{schema}".people_person',
    'INSERT INTO "{schema}".people_person (name) VALUES (1)',
    'UPDATE "{schema}".contact_contactrequest SET name = 1',
    'DELETE FROM "{schema}".django_session',
    'DROP TABLE "{schema}".people_team',
    'CREATE TABLE "{schema}".mine (id int)',
    'TRUNCATE "{schema}".audit_entry',
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine (id int)",
    "SELECT * FROM public.accounts_user",
    "SELECT * FROM public.audit_entry",
    "UPDATE public.districts_district SET state = 'published'",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
])  # fmt: skip
def test_sql_by_hand_in_one_district_is_refused_elsewhere(
    nord: District, sued: District, statement: str
) -> None:
    words = statement.format(schema=sued.row.schema_name)
    with nord.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone()[0]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(words)


@pytest.mark.parametrize("statement", [
    "SET ROLE {role}",
    "set  local role {role}",
    "RESET ROLE",
    "SET/**/ROLE {role}",
    "SET -- quietly\n ROLE {role}",
    'SELECT 1; SET LOCAL "role" = {role}',
    "SET SESSION AUTHORIZATION {role}",
    "SELECT set_config('role', '{role}', false)",
    "SELECT 1; SET ROLE {role}; SELECT 2",
    "DISCARD ALL",
    "DO $$ BEGIN EXECUTE 'SET RO' || 'LE none'; END $$",
])  # fmt: skip
def test_a_statement_that_would_change_the_role_is_not_sent(
    nord: District, sued: District, statement: str
) -> None:
    with (
        nord.inside(),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="role"),
    ):
        cursor.execute(statement.format(role=sued.row.schema_name))


def test_a_column_that_is_called_role_may_be_written(nord: District) -> None:
    with nord.inside():
        assert User.objects.filter(email="editor@nord.example").update(role="coordinator") == 1


def test_a_statement_put_together_by_the_driver_is_looked_at_too(nord: District) -> None:
    composed = SQL("SET ROLE {}").format(Identifier(grants.APP_ROLE))
    with (
        nord.inside(),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="role"),
    ):
        cursor.execute(composed)


@pytest.mark.owner
def test_a_districts_role_may_work_in_its_schema_and_in_no_other(
    nord: District, sued: District
) -> None:
    role, other = nord.row.schema_name, sued.row.schema_name
    for table in tables(role):
        wanted = {"audit_entry": "ra", "django_migrations": "r"}.get(table, "rawd")
        assert privileges(role, role, table) == wanted, table
    assert {privileges(role, other, table) for table in tables(other)} == {""}


def test_a_districts_role_may_do_in_public_what_stands_here_and_nothing_else(
    nord: District,
) -> None:
    for table in tables("public"):
        allowed = privileges(nord.row.schema_name, "public", table)
        assert allowed == PUBLIC_TO_DISTRICTS.get(table, ""), table


def test_the_login_of_web_and_worker_owns_nothing_and_reaches_no_district_by_itself(
    nord: District,
) -> None:
    login = grants.APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
            " WHERE rolname = %s",
            [login],
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [login])
        assert cursor.fetchone() == (0,)
    for table in tables(nord.row.schema_name):
        assert privileges(login, nord.row.schema_name, table) == "", table
    for table in tables("public"):
        wanted = READ_ALONE | {"audit_entry": "ra"}
        assert privileges(login, "public", table) == wanted.get(table, "rawd"), table


def test_the_real_login_becomes_a_districts_role_and_that_role_meets_the_same_fence(
    nord: District, sued: District
) -> None:
    with logins.connect(logins.APP, autocommit=True) as login:
        mine, other = nord.row.schema_name, sued.row.schema_name
        for forbidden in (f'"{mine}".people_person', f'"{other}".people_person'):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"SELECT 1 FROM {forbidden}")
        login.execute(f'SET ROLE "{mine}"')
        login.execute(f'SELECT 1 FROM "{mine}".people_person')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute(f'SELECT 1 FROM "{other}".people_person')
        # A pooled connection goes back without the role.
        reset_connection(login)
        assert login.execute("SELECT current_user").fetchone() == (grants.APP_ROLE,)


def test_path_and_role_are_set_in_one_statement_once_a_request(
    nord: District,
) -> None:
    with nord.inside(), CaptureQueriesContext(connection) as statements:
        Pointer.objects.count()
        Pointer.objects.count()
    assert len(statements) == 3
    assert sum("search_path" in query["sql"] for query in statements) == 1


def test_a_rollback_leaves_the_connection_in_its_district(nord: District, sued: District) -> None:
    with nord.inside():
        for place in (nord, sued):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                with place.inside():
                    who()
                raise ZeroDivisionError
            assert who() == nord.row.schema_name


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_a_district_without_a_role_is_an_error_and_not_somebody_elses_data(nord: District) -> None:
    with nord.inside():
        assert who() == nord.row.schema_name
    missing = pytest.raises(Exception, match="does not exist")
    with missing, transaction.atomic(), schema_context("d_00000000000000ff"):
        who()
    assert who() != nord.row.schema_name


def test_a_district_sees_its_own_mails_and_its_own_row_alone(
    nord: District, sued: District
) -> None:
    for place in (nord, sued):
        with place.inside():
            mail.enqueue(kind="test", to="a@b.example", subject="s", text="t")
    with sued.inside():
        assert {pointer.district_id for pointer in Pointer.objects.all()} == {sued.row.pk}
        assert [row.slug for row in Row.objects.all()] == ["sued"]
        assert Pointer.objects.filter(district_id=nord.row.pk).update(state="sent") == 0
        with pytest.raises(IntegrityError, match="of_one_district"), transaction.atomic():
            Pointer.objects.create(message_uuid="0" * 32, district_id=nord.row.pk)
    assert Pointer.objects.filter(state="pending").count() >= 2


def test_bare_sql_as_a_district_sees_the_same(nord: District, sued: District) -> None:
    with acting_as(nord.row.schema_name) as cursor:
        cursor.execute("SELECT slug FROM public.districts_district")
        assert cursor.fetchall() == [("nord",)]
        cursor.execute("UPDATE public.districts_district SET solution_teams = 99")
        assert cursor.rowcount == 1


def test_no_district_can_write_a_neighbours_number_beside_its_own_name(
    nord: District, sued: District
) -> None:
    mine, other = nord.row, sued.row
    insert = "INSERT INTO public.reputation_report (district_id, kind{}) VALUES ({}, 'bounce'{})"
    forged = {
        ("", other.pk, ""): "of_one_district",
        ("", "NULL", ""): "row-level security",
        (", owner", mine.pk, ", NULL"): "row-level security",
        (", owner", other.pk, f", '{other.schema_name}'"): "row-level security",
    }
    with acting_as(mine.schema_name) as cursor:
        for values, refusal in forged.items():
            with (
                pytest.raises(psycopg.Error, match=refusal),
                cursor.connection.transaction(),
            ):
                cursor.execute(insert.format(*values))
        cursor.execute(insert.format("", mine.pk, ""))
        assert cursor.rowcount == 1


def test_what_an_older_version_writes_for_a_district_is_the_districts_by_night(
    nord: District,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reputation_slowed (district_id, kind) VALUES (%s, 'bounce')",
            [nord.row.pk],
        )
    with nord.inside():
        assert not Slowed.objects.exists()
    assert grants.name_owners() == 1
    with nord.inside():
        assert Slowed.objects.get().district_id == nord.row.pk


@pytest.mark.owner
def test_a_policy_of_before_that_asked_another_table_is_replaced(nord: District) -> None:
    asks = "SELECT count(*) FROM pg_policies WHERE schemaname = 'public' AND qual ~ 'SELECT'"
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER POLICY own_rows ON outbox_pointer USING (district_id ="
            " (SELECT id FROM districts_district WHERE schema_name = current_user))"
        )
        cursor.execute(asks)
        assert cursor.fetchone() == (1,)
        grants.grant_public()
        cursor.execute(asks)
        assert cursor.fetchone() == (0,)
