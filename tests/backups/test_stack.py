"""A whole stack of run.py: a resident's letters between two backups, and the moment between two."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.backups.primary import keys
from tests.stack.prepared import prepared
from tests.stack.running import ROOT, RunningStack, eventually, open_folder
from wiq.backups import fetching, scratch
from wiq.backups.fetching import Places
from wiq.backups.target_address import target_of

pytestmark = pytest.mark.thorough
LETTERS = """
SELECT email FROM "{}".contact_contactrequest ORDER BY id"""


@pytest.fixture
def backed_up(age: None) -> Iterator[tuple[RunningStack, Path, Path]]:
    """A stack of its own that is backed up, its folder, and the key."""
    with open_folder("wiq-backed-up-") as folder:
        secret, public = keys(folder, "key")
        stack = RunningStack(
            prepared(folder / "state"), WIQ_BACKUP_URL=str(folder / "target"), WIQ_BACKUP_RECIPIENTS=public,
            WIQ_BACKUP_IDENTITY=str(secret), WIQ_BACKUP_STATE=str(folder / "work"),
        )  # fmt: skip
        yield stack.start(), folder, secret
        stack.kill()


def test_the_letters_up_to_a_moment_come_back_after_the_server_was_killed(
    backed_up: tuple[RunningStack, Path, Path], settings: Any
) -> None:
    stack, folder, settings.WIQ_BACKUP_IDENTITY = backed_up
    target = target_of(str(folder / "target"))
    running = subprocess.Popen(
        [sys.executable, "run.py", "manage", "backup", "run"], cwd=ROOT,
        env=stack.environment | {"WIQ_STATE": str(stack.state)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    said = iter(running.stdout)
    assert next(line for line in said if " is whole, " in line)
    assert stack.healthy()
    assert "All parts work" in (doctor := stack.manage_command("doctor"))
    assert "Brought back as a trial" in doctor
    assert stack.send_request("eins@beispiel.example").status == 201
    assert " incremental " in stack.manage_command("backup", "take")
    assert stack.send_request("zwei@beispiel.example").status == 201
    ask = "from django.db import connection as c; k = c.cursor(); k.execute({!r}); print(k.fetchone()[0])"
    moment = datetime.fromisoformat(
        stack.manage(ask.format("SELECT clock_timestamp()::text")).strip()
    )
    assert stack.send_request("drei@beispiel.example").status == 201
    before = len(target.listed("wal/"))
    address = stack.announced()["DATABASE_URL"]
    host = address.split("@")[1].split("/")[0].replace("%2F", "/")
    with psycopg.connect(host=host, dbname="wiq", user="postgres", autocommit=True) as connection:
        row = connection.execute(
            "SELECT schema_name FROM districts_district WHERE slug = 'leipziger-westen'"
        ).fetchone()
        connection.execute("SELECT pg_switch_wal()")
    assert row is not None
    eventually(lambda: len(target.listed("wal/")) > before, 30, "the log")
    running.terminate()
    running.wait(30)
    stack.child("bin/postgres").kill()
    stack.kill()
    places = Places.inside(folder / "back")
    fetching.fetch(target, places, moment)
    fetching.make_ready(places.data, places.wal, moment)
    with scratch.restored(places) as at, psycopg.connect(**(at | {"dbname": "wiq"})) as restored:
        found = [email for (email,) in restored.execute(LETTERS.format(row[0]).encode())]
    assert found[-2:] == ["eins@beispiel.example", "zwei@beispiel.example"]
