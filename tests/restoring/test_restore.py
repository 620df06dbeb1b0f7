"""One district comes back from a dump of the whole database, and its neighbour notices nothing."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django_tenants.utils import schema_context

from directory.people import services as people
from directory.people.consents import Consent
from directory.people.models import Person, Team
from tenants.districts import services as districts
from tenants.provisioning.models import Beside
from tests.cast import ACTOR, District
from wiq.accounts.models import User
from wiq.audit.models import Entry
from wiq.embedded.postgres import packaged_binaries
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def dump(django_db_setup: None, tmp_path_factory: Any) -> Iterator[Path]:
    """A backup of the whole database, as the script of the server guide makes it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    path: Path = tmp_path_factory.mktemp("backup") / "wiq.dump"
    command = [
        str(packaged_binaries() / "bin" / "pg_dump"), "-h", unquote(parts.hostname or ""),
        "-U", str(parts.username), "--format=custom", f"--file={path}",
        str(connection.settings_dict["NAME"]),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    yield path


def rows_of(district: District) -> dict[str, str]:
    """Return a checksum of each table of a district."""
    schema = district.row.schema_name
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(
                f'SELECT hashtext(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{name}" t'
            )
            found[name] = cursor.fetchone()[0]
        return found


def names(district: District, model: Any) -> set[str]:
    with district.inside():
        return set(model.objects.values_list("name", flat=True))


def test_the_wrong_team_comes_back_and_the_neighbour_stays_as_it_is(
    nord: District, sued: District, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, neighbour = names(nord, Team), rows_of(sued)
    schema = nord.row.schema_name
    with nord.inside():
        people.remove(Team.objects.get(slug="geheim"), actor=ACTOR)
        people.create_team(
            actor=ACTOR, slug="neu", kind="core", abbreviation="NT", name="Neues Team", position=9
        )
    call_command("restore_district", "nord", "--from", str(dump))
    said = capsys.readouterr().out
    assert "Kommt zurück: 1 Team (Geheim Nordviertel)" in said
    assert "Geht verloren: 1 Team (Neues Team)" in said
    assert names(nord, Team) == before
    assert nord.row.schema_name == schema
    assert nord.client().get("/").status_code == 200
    assert rows_of(sued) == neighbour
    call_command("undo_restore", "nord")
    assert "Neues Team" in names(nord, Team)
    assert "Geheim Nordviertel" not in names(nord, Team)
    assert rows_of(sued) == neighbour


def test_nobody_comes_back_who_was_erased(nord: District, dump: Path) -> None:
    with nord.inside():
        people.remove(Person.objects.get(slug="cem"), actor=ACTOR)
    call_command("restore_district", "nord", "--from", str(dump))
    assert names(nord, Person) == {"Ada Nord", "Ben Nord"}
    with nord.inside():
        people.withdraw_consent(Consent.objects.get(person__slug="ada"), actor=ACTOR)
    # What was kept has it still; on the way back it is withdrawn there, too.
    call_command("undo_restore", "nord")
    assert names(nord, Person) == {"Ada Nord", "Ben Nord"}
    with nord.inside():
        assert Consent.objects.get(person__slug="ada").withdrawn_on is not None


def test_a_password_that_was_changed_stays_changed_and_a_token_taken_back_opens_nothing(
    nord: District, dump: Path
) -> None:
    token, signed_in = nord.token(), nord.signed_in("coordinator")
    assert signed_in.get("/koordination/").status_code == 200
    with nord.inside():
        user = User.objects.get(email="coordinator@nord.example")
        user.set_password("ein anderes langes Kennwort")
        user.save()
        closed = User.objects.get(email="editor@nord.example")
        closed.is_active = False
        closed.save()
    call_command("restore_district", "nord", "--from", str(dump))
    with nord.inside():
        assert User.objects.get(pk=user.pk).check_password("ein anderes langes Kennwort")
        assert not User.objects.get(pk=closed.pk).is_active
    bearer = nord.client(authorization=f"Bearer {token}")
    assert bearer.get("/api/v1/contact-requests/").status_code == 401
    assert signed_in.get("/koordination/").status_code == 302


def test_no_mail_is_sent_that_was_sent_or_is_not_there_and_the_log_goes_on(
    nord: District, sued: District, dump: Path
) -> None:
    with nord.inside():
        late = Message.objects.create(kind="test", to="neu@nord.example", subject="Neu", text="x")
        people.remove(Team.objects.get(slug="geheim"), actor=ACTOR)
        log = set(Entry.objects.values_list("pk", flat=True))
    Pointer.objects.create(
        district_id=nord.row.pk, owner=nord.row.schema_name, message_uuid=late.uuid
    )
    waiting = Pointer.objects.filter(district_id=sued.row.pk).count()
    call_command("restore_district", "nord", "--from", str(dump))
    assert not Pointer.objects.filter(message_uuid=late.uuid).exists()
    assert Pointer.objects.filter(district_id=sued.row.pk).count() == waiting
    with nord.inside():
        assert log < set(Entry.objects.values_list("pk", flat=True))
    call_command("undo_restore", "nord")
    assert Pointer.objects.filter(message_uuid=late.uuid).exists()


def test_its_texts_come_back_and_its_address_and_state_stay(nord: District, dump: Path) -> None:
    name = nord.row.name
    districts.update(nord.row, actor=ACTOR, name="Verschrieben")
    districts.make_primary(nord.row, "nord-neu.localhost")
    call_command("restore_district", "nord", "--from", str(dump))
    assert (nord.row.name, nord.row.host) == (name, "nord-neu.localhost")
    call_command("undo_restore", "nord")
    assert nord.row.name == "Verschrieben"


def test_what_is_no_backup_changes_nothing(nord: District, tmp_path: Path) -> None:
    path = tmp_path / "kaputt.dump"
    path.write_text("kein Backup")
    before = rows_of(nord)
    with pytest.raises(CommandError, match="pg_restore"):
        call_command("restore_district", "nord", "--from", str(path))
    with pytest.raises(CommandError, match="There is no"):
        call_command("restore_district", "nord", "--from", str(tmp_path / "fehlt"))
    with pytest.raises(CommandError, match="There is no district"):
        call_command("restore_district", "ost", "--from", str(path))
    assert rows_of(nord) == before
    assert not Beside.objects.exists()


def test_nothing_is_kept_of_a_district_that_was_never_restored(nord: District) -> None:
    with pytest.raises(CommandError, match="Nothing is kept"):
        call_command("undo_restore", "nord")
