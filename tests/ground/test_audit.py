"""The audit log: who signed in, who was refused; and the application can't rewrite it."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tenants.provisioning import grants
from tests.cast import PASSWORD, District
from wiq.audit import services as audit
from wiq.audit.models import Entry


def sign_in(district: District, password: str, email: str = "coordinator@nord.example") -> Any:
    client = district.client()
    return client.post("/anmelden/", {"login": email, "password": password})


def test_a_sign_in_and_a_refusal_are_recorded_without_what_was_typed(nord: District) -> None:
    assert sign_in(nord, PASSWORD).status_code == 302
    sign_in(nord, "falsches Kennwort")
    sign_in(nord, "egal", "mein-kennwort@vertippt.example")
    with nord.inside():
        signed_in = Entry.objects.get(action="account.signed_in")
        assert signed_in.actor == "coordinator@nord.example"
        refused = Entry.objects.filter(action="account.refused").order_by("pk")
        assert [bool(entry.target_id) for entry in refused] == [True, False]
        assert "vertippt" not in str(list(refused.values()))


def test_a_new_password_is_recorded(nord: District) -> None:
    client = nord.signed_in("editor")
    new = "ein ganz anderes Kennwort"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/anmelden/passwort/", fields).status_code == 302
    with nord.inside():
        entry = Entry.objects.get(action="account.password_set")
        assert entry.actor == "editor@nord.example"
        assert new not in str(entry.details)


@pytest.mark.parametrize("statement", [
    "UPDATE {table} SET actor = 'niemand'",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
])  # fmt: skip
@pytest.mark.parametrize("where", ["public", "district"])
def test_the_applications_login_adds_and_reads_and_nothing_else(
    nord: District, statement: str, where: str
) -> None:
    schema = "public" if where == "public" else nord.row.schema_name
    table = f'"{schema}".audit_entry'
    with nord.inside():
        audit.record("test.entry", None, actor="test")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {grants.APP_ROLE}")
        cursor.execute(f"SELECT count(*) FROM {table}")
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute(statement.format(table=table))
        cursor.execute("RESET ROLE")


def test_the_applications_login_works_in_every_table_but_owns_none(nord: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT schemaname || '.' || tablename, tableowner,
                      has_table_privilege(%s, schemaname || '.' || tablename, 'INSERT'),
                      has_table_privilege(%s, schemaname || '.' || tablename, 'DELETE')
               FROM pg_tables WHERE schemaname = ANY(%s)""",
            [grants.APP_ROLE, grants.APP_ROLE, ["public", nord.row.schema_name]],
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
            " WHERE rolname = %s", [grants.APP_ROLE])  # fmt: skip
        assert cursor.fetchone() == (False, False, False, False)
    assert len(rows) > 40
    for table, owner, may_insert, may_delete in rows:
        assert owner != grants.APP_ROLE
        assert may_insert, table
        assert may_delete == (not table.endswith(".audit_entry")), table
