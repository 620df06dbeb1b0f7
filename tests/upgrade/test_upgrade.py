"""From an older version to this one: every row stays, and what opened doors still does.

The older database and what one could do with it were made by ``make.py`` beside this file.
"""

import json
import lzma
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.stack.running import ROOT, open_folder
from tests.upgrade.make import DATA, FORMATS, SECRET_KEY
from wiq.embedded.postgres import packaged_binaries
from wiq.embedded.stack import Stack, servers
from wiq.embedded.state import State

pytestmark = pytest.mark.thorough
FACTS = json.loads((DATA / "facts.json").read_text())
# Written anew by every migration: what districts are made of.
MADE_ANEW = {"public.provisioning_templatestatement"}
# Columns that an update writes on purpose: tokens without an end get one (decision 56).
WRITTEN = {
    "knox_authtoken": {"expiry"},
    # What the search reads, made of the team's texts.
    "solutions_solutionteam": {"title_key", "text_key", "search_vector"},
}
TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = 'public' OR schemaname ~ '^d_[0-9a-f]{16}$' ORDER BY 1"""
KNOCK = """
import json, sys, time_machine
from datetime import datetime, timedelta
from django.conf import settings
from django.test import Client
facts = json.loads(sys.stdin.read())
said = {}
with time_machine.travel(datetime.fromisoformat(facts["moment"]) + timedelta(hours=1)):
    for door in facts["doors"]:
        host = door["host"]
        visitor = Client(headers={"host": host}, raise_request_exception=False)
        said[host] = {"links": {a: visitor.get(a).status_code for a in door["links"]}}
        visitor.cookies[settings.SESSION_COOKIE_NAME] = door["session"]
        said[host]["desk"] = visitor.get("/koordination/").status_code
        said[host]["tokens"] = {
            role: Client(headers={"host": host, "authorization": f"Bearer {token}"}).get(
                "/api/v1/contact-requests/").status_code
            for role, token in door["tokens"].items()
        }
print(json.dumps(said))
"""
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Upgraded:
    """A stack's servers with the migrated database, and the rows as they were before."""

    stack: Stack
    before: Rows
    migrated: "subprocess.CompletedProcess[str]"

    def manage(self, *words: str, login: str = "wiq_app", typed: str = "") -> Any:
        return manage(self.stack, login, *words, typed=typed)


def manage(stack: Stack, login: str, *words: str, typed: str = "") -> Any:
    address = stack.environment["DATABASE_URL"].replace("//wiq@", f"//{login}@")
    changed = {"DATABASE_URL": address, "EMAIL_URL": "smtp://127.0.0.1:1", "SECRET_KEY": SECRET_KEY}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=os.environ | stack.environment | changed, input=typed, capture_output=True, text=True,
    )  # fmt: skip


def database(stack: Stack) -> "psycopg.Connection[Any]":
    address = stack.environment["DATABASE_URL"].replace("postgres://", "postgresql://")
    return psycopg.connect(address, autocommit=True)


def restore(stack: Stack) -> None:
    """Bring the older database in as its owner, who is no superuser."""
    dump = lzma.decompress((DATA / "database.sql.xz").read_bytes()).decode()
    with database(stack) as server:
        for role in sorted(set(re.findall(r"CREATE SCHEMA (d_[0-9a-f]{16});", dump))):
            server.execute(f"CREATE ROLE {role}")
        server.execute("CREATE ROLE wiq_district")
        server.execute("CREATE ROLE wiq_app LOGIN")
        host, name = server.info.host, server.info.dbname
    psql = [str(packaged_binaries() / "bin" / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1"]
    restored = subprocess.run(
        [*psql, "-h", host, "-U", "wiq", "-d", name], input=dump, capture_output=True, text=True
    )
    assert restored.returncode == 0, restored.stderr


def rows(stack: Stack) -> Rows:
    with database(stack) as server:
        return {
            table: [row for (row,) in server.execute(f"SELECT to_jsonb(t) FROM {table} t")]
            for (table,) in server.execute(TABLES).fetchall()
        }


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Upgraded]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            patch.delenv(name, raising=False)
        with (
            open_folder("wiq-upgrade-") as folder,
            servers(State(folder), throwaway=True) as stack,
        ):
            restore(stack)
            before = rows(stack)
            yield Upgraded(stack, before, manage(stack, "wiq", "migrate_districts"))


def test_ten_districts_are_migrated_by_an_owner_who_is_no_superuser(upgraded: Upgraded) -> None:
    assert upgraded.migrated.returncode == 0, upgraded.migrated.stderr
    assert len(upgraded.before["public.districts_district"]) == FACTS["districts"]
    looked = upgraded.manage(
        "shell", "--no-imports", "-c",
        "from tenants.provisioning import template; print(template.differences())",
    )  # fmt: skip
    assert looked.stdout.strip() == "{}", looked.stderr


def test_every_row_is_still_there_with_what_stood_in_it(upgraded: Upgraded) -> None:
    after = rows(upgraded.stack)
    assert sum(map(len, upgraded.before.values())) > 2_000
    for table, known in upgraded.before.items():
        if table in MADE_ANEW:
            continue
        columns = known[0].keys() - WRITTEN.get(table.partition(".")[2], set()) if known else ()
        found, wanted = (
            {json.dumps({c: row[c] for c in columns}, sort_keys=True) for row in some}
            for some in (after[table], known)
        )
        missing = wanted - found
        assert not missing, f"{table}: {sorted(missing)[:2]}"


def test_requests_ideas_and_their_steps_become_conversations(upgraded: Upgraded) -> None:
    """Whatever an older version kept stands in a conversation, once, in the order it happened."""
    after = rows(upgraded.stack)
    checked = 0
    for table, known in upgraded.before.items():
        schema, _dot, name = table.partition(".")
        kinds = {"contact_contactrequest": "contact.contactrequest", "ideas_idea": "ideas.idea"}
        if name not in kinds or not known:
            continue
        found = {
            row["about_id"]: row
            for row in after[f"{schema}.conversations_conversation"]
            if row["about_type"] == kinds[name]
        }
        assert found.keys() == {row["id"] for row in known}
        entries = after[f"{schema}.conversations_conversationentry"]
        steps = {"ideas_idea": ("ideas_ideastep", "idea_id")}.get(
            name, ("contact_contactstep", "contact_request_id")
        )
        for row in known:
            conversation = found[row["id"]]
            assert (conversation["reference"], conversation["state"]) == (
                row["reference"],
                row["state"],
            )
            said = [e for e in entries if e["conversation_id"] == conversation["id"]]
            theirs = {s["id"] for s in after[f"{schema}.{steps[0]}"] if s[steps[1]] == row["id"]}
            assert {e["step"] for e in said if e["step"] is not None} == theirs
            first = min(said, key=lambda e: (e["at"], e["id"]))
            assert row.get("message", row.get("description")) in first["text"]
            checked += 1
    assert checked >= 24


def test_links_sessions_and_tokens_of_before_still_open_what_they_opened(
    upgraded: Upgraded,
) -> None:
    knocked = upgraded.manage("shell", "--no-imports", "-c", KNOCK, typed=json.dumps(FACTS))
    assert knocked.returncode == 0, knocked.stderr[-2000:]
    said = json.loads(knocked.stdout.splitlines()[-1])
    for door in FACTS["doors"]:
        answers = said[door["host"]]
        assert answers["links"] == door["links"]
        assert answers["desk"] == 200
        assert answers["tokens"] == {"coordinator": 200, "editor": 403}


@pytest.mark.parametrize("number", FORMATS)
def test_a_districts_file_of_each_older_format_is_brought_in(
    upgraded: Upgraded, number: int
) -> None:
    slug = f"format-{number}"
    file = str(DATA / f"format-{number}.zip")
    brought = upgraded.manage("import_district", file, "--slug", slug, "--publish")
    assert brought.returncode == 0, brought.stderr
    asked = upgraded.manage(
        "shell", "--no-imports", "-c",
        f"from django.test import Client; client = Client(headers={{'host': '{slug}.localhost'}});"
        "print([client.get(path).status_code for path in"
        " ('/', '/menschen/', '/loesungsteams/baeume/', '/neuigkeiten/')])",
    )  # fmt: skip
    assert asked.stdout.splitlines()[-1] == "[200, 200, 200, 200]", asked.stderr[-2000:]


def test_what_the_older_version_left_is_small_and_kept_in_the_repository() -> None:
    assert sum(file.stat().st_size for file in Path(DATA).iterdir()) < 200_000
