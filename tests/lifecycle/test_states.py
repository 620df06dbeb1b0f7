"""The life of a district: moved with a reason, announced to go, called off, and gone without a trace."""

import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone
from django_redis import get_redis_connection

from tenants.districts import moves
from tenants.districts.models import District as Row
from tenants.lifecycle import ending
from tenants.provisioning import removal
from tenants.provisioning.models import Removal
from tests.cast import ACTOR, District, body
from wiq import queueing
from wiq.audit.models import Entry
from wiq.mail.models import Message
from wiq.outbox.models import Pointer


def everywhere(word: str) -> list[str]:
    """Return every place outside of the audit log where a word is found."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [word])
        found += ["schema"] * cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [word])
        found += ["role"] * cursor.fetchone()[0]
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM public.{table} t WHERE t::text LIKE %s",
                           [f"%{word}%"])  # fmt: skip
            found += [f"table {table}"] * cursor.fetchone()[0]
    for folder, _names, files in os.walk(settings.MEDIA_ROOT):
        found += [f"file {folder}/{name}" for name in files if word in f"{folder}/{name}"]
        found += [f"folder {folder}"] if word in folder else []
    server = get_redis_connection("default")
    for key in server.scan_iter("*", count=1000):
        kind = server.type(key).decode()
        content = b"".join(server.lrange(key, 0, -1)) if kind == "list" else b""
        content += b"".join(server.hgetall(key).values()) if kind == "hash" else b""
        if word.encode() in key + content:
            found.append(f"key {key.decode()}")
    return found


@pytest.fixture(autouse=True)
def nothing_left(nord: District, sued: District) -> Iterator[None]:
    """Files are in no transaction: who exports a district later would take them along."""
    schemas = [district.row.schema_name for district in (nord, sued)]
    yield
    for schema in schemas:
        (Path(settings.MEDIA_ROOT) / schema / "portraits" / "a.jpg").unlink(missing_ok=True)


def fill_outside(district: District) -> None:
    """Leave something of a district wherever it could be."""
    district.client().post("/api/v1/contact-requests/", body(), content_type="application/json")
    district.client().get("/")
    with district.inside():
        default_storage.save("portraits/a.jpg", ContentFile(b"x"))
        cache.set("something", 1)
    # Waiting, and taken by a worker that died.
    held = {"headers": {"_schema_name": district.row.schema_name}}
    get_redis_connection("default").hset("wiq-queue:unacked", district.slug, json.dumps(held))
    queueing.send("tenants.lifecycle.tasks.tend", schema_name=district.row.schema_name)


def test_a_deleted_district_is_found_nowhere(
    nord: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    row = nord.row
    for district in (nord, sued):
        fill_outside(district)
    assert {place.split()[0] for place in everywhere(row.schema_name)} == {
        "schema", "role", "table", "file", "folder", "key",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        call_command("delete_district", "nord", confirm="nord.localhost")
    assert everywhere(row.schema_name) == []
    assert not Pointer.objects.filter(district_id=row.pk).exists()
    assert nord.client().get("/").status_code == 404
    assert not Row.objects.filter(slug="nord").exists()
    record = Removal.objects.get()
    assert (record.slug, record.counts["people"]) == ("nord", 3)
    assert record.reserved_until == timezone.localdate() + timedelta(days=90)
    assert "@" not in str(vars(record))
    # Next door nothing is missing.
    assert everywhere(sued.row.schema_name)
    assert sued.client().get("/").status_code == 200
    removal._clear_queue({sued.row.schema_name})


@pytest.mark.parametrize("typed", ["", "nord", "sued.localhost", "nord.localhost.example"])
def test_whoever_types_another_host_deletes_nothing(nord: District, typed: str) -> None:
    with pytest.raises(CommandError, match=r"nord\.localhost"):
        call_command("delete_district", "nord", confirm=typed)
    with pytest.raises(CommandError, match="no district"):
        call_command("delete_district", "nirgends", confirm="nirgends.localhost")
    assert nord.row.state == "published"


def test_a_removal_is_announced_told_and_due_after_a_month(nord: District) -> None:
    with pytest.raises(ValidationError, match=r"nord\.localhost"):
        ending.announce_removal(nord.row, typed_host="nord", actor=ACTOR)
    ending.announce_removal(nord.row, typed_host="Nord.localhost", actor=ACTOR)
    assert nord.row.state == "archived"
    with nord.inside():
        mail = Message.objects.get(kind="district.removal")
        assert mail.to == "coordinator@nord.example"
    assert ending.remove_due() == 0
    Row.objects.filter(slug="nord").update(delete_after=timezone.now())
    assert ending.remove_due() == 1
    assert not Row.objects.filter(slug="nord").exists()


def test_a_removal_that_is_called_off_does_not_happen(nord: District) -> None:
    ending.announce_removal(nord.row, typed_host="nord.localhost", actor=ACTOR)
    ending.call_off_removal(nord.row, actor=ACTOR)
    assert (nord.row.state, nord.row.delete_after) == ("archived", None)
    assert ending.remove_due() == 0
    with pytest.raises(ValidationError):
        ending.call_off_removal(nord.row, actor=ACTOR)


def test_what_a_crash_left_behind_goes_at_night(nord: District) -> None:
    gone = "d_00000000000000ff"
    folder = Path(settings.MEDIA_ROOT) / gone
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"x")
    # One of today may be of a district that is just being brought in; its time is the kernel's,
    # which no clock of ours turns.
    os.utime(folder, (time.time(), time.time()))
    assert gone not in removal.clear_leftovers()
    os.utime(folder, (0, 0))
    get_redis_connection("default").set(f"{caches['default'].key_prefix}:{gone}:x", 1)
    fill_outside(nord)
    assert gone in removal.clear_leftovers()
    assert everywhere(gone) == []
    assert any(place.startswith("file") for place in everywhere(nord.row.schema_name))
    removal._clear_queue({nord.row.schema_name})


def test_a_move_says_why_in_the_districts_own_log(nord: District) -> None:
    moves.move(nord.row, "suspended", actor=ACTOR, reason="Beschwerde geprüft")
    with nord.inside():
        entry = Entry.objects.filter(action="district.state").latest("pk")
        assert entry.details == {"to": "suspended", "reason": "Beschwerde geprüft"}
    with pytest.raises(ValidationError, match="geht es nicht"):
        moves.move(nord.row, "draft", actor=ACTOR)


def test_an_old_date_of_removal_does_not_come_back(nord: District) -> None:
    ending.announce_removal(nord.row, typed_host="nord.localhost", actor=ACTOR)
    moves.move(nord.row, "hidden", actor=ACTOR)
    assert nord.row.delete_after is None
    moves.move(nord.row, "archived", actor=ACTOR)
    assert nord.row.delete_after is None
    Row.objects.filter(slug="nord").update(state="hidden", delete_after=timezone.now())
    assert ending.remove_due() == 0
    ending.announce_removal(nord.row, typed_host="nord.localhost", actor=ACTOR)
    assert nord.row.delete_after > timezone.now() + timedelta(days=29)


def test_nobody_of_the_coordination_is_left_in_the_public_schema(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    fields = {"legal_name": "Verein", "address": "Weg 1", "representative": "Kim Nord",
              "email": "kim@nord.example", "phone": "1", "news_editor": "Kim Nord"}  # fmt: skip
    operator = {f"operator-{name}": value for name, value in fields.items()}
    desk.post("/koordination/leitfaden/traeger/", {"was": "operator", **operator})
    look = {"look-name": "Nord", "look-colour": "#7a3b9d", "look-intro": "x", "look-phone": ""}
    desk.post("/koordination/leitfaden/auftritt/", {"was": "look", **look})
    desk.post("/koordination/leitfaden/vorschau/", {"was": "vorschau"})
    desk.post("/koordination/leitfaden/veroeffentlichen/", {"was": "verbergen"})
    desk.post("/koordination/mitnehmen/", {"was": "alles"})
    assert nord.row.operator.representative == "Kim Nord"
    call_command("delete_district", "nord", confirm="nord.localhost")
    for word in ("nord.example", "Kim Nord"):
        assert everywhere(word) == []


def test_a_removal_that_fails_holds_up_no_other(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    Row.objects.update(state="archived", delete_after=timezone.now())
    real = removal.remove

    def fail_for_nord(district: Row) -> Removal:
        if district.slug == "nord":
            raise DatabaseError
        return real(district)

    monkeypatch.setattr(removal, "remove", fail_for_nord)
    assert ending.remove_due() == 1
    assert [row.slug for row in Row.objects.all()] == ["nord"]
