"""The audit log: who signed in, who was refused; and the application can't rewrite it."""

from typing import Any

import psycopg
import pytest

from tenants.provisioning import grants
from tests.cast import PASSWORD, District
from tests.isolation.acting import acting_as
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
def test_nobody_but_the_owner_rewrites_the_audit_log(
    nord: District, statement: str, where: str
) -> None:
    schema = "public" if where == "public" else nord.row.schema_name
    role = grants.APP_ROLE if where == "public" else nord.row.schema_name
    with nord.inside():
        audit.record_change("test.entry", None, actor="test")
    with acting_as(role) as cursor:
        cursor.execute(f'SELECT count(*) FROM "{schema}".audit_entry')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute(statement.format(table=f'"{schema}".audit_entry'))
