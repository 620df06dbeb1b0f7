"""Many districts brought to a new version on a real stack: over several connections, and killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.migrating import COLUMN, FILL, MIGRATE, PYTHON, Visitors, copy_room, write
from tests.faults.test_faults import database
from tests.stack.running import ROOT, RunningStack, eventually, open_folder

pytestmark = [pytest.mark.thorough]
COUNT = 24
INDEX = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

class Migration(migrations.Migration):
    atomic = False
    dependencies = [{after}]
    operations = [AddIndexConcurrently(
        "team", models.Index("bench_{number}", name="bench_{number}_index"))]
"""
DONE = 'SELECT count(*) FROM "{}".django_migrations WHERE name = %s'


@pytest.fixture
def own() -> Iterator[RunningStack]:
    with open_folder("wiq-many-") as folder:
        running = RunningStack(folder / "state", "--no-demo").start()
        running.manage_command("shell", "--no-imports", "-c", FILL.format(count=COUNT, asked=4))
        yield running
        running.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of migrations that every user may read."""
    with open_folder("wiq-migrations-") as opened:
        copy_room(opened)
        yield opened


def start(stack: RunningStack, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c",
         MIGRATE.format(folder=str(folder))],
        cwd=ROOT, env=stack.environment | {"WIQ_STATE": str(stack.state)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def count_done(stack: RunningStack, name: str) -> int:
    """Return in how many districts a migration has run."""
    with database(stack) as connection:
        asked = "SELECT schema_name FROM districts_district"
        schemas = [schema for (schema,) in connection.execute(asked)]
        return sum(
            int((connection.execute(DONE.format(schema), [name]).fetchone() or (0,))[0])
            for schema in schemas
        )


def test_what_was_killed_goes_on_where_it_was_and_no_page_fails_meanwhile(
    own: RunningStack, folder: Path
) -> None:
    write(folder, "0900_column", COLUMN, number="00")
    write(folder, "0901_python", PYTHON, number="01")
    with Visitors(own, 4) as visitors:
        with database(own) as connection:
            # Holds every connection of the run at its second district or later.
            held = connection.execute(
                "SELECT schema_name FROM districts_district ORDER BY id DESC LIMIT 6"
            ).fetchall()
            connection.execute("BEGIN")
            for (schema,) in held:
                connection.execute(f'LOCK TABLE "{schema}".people_team IN ACCESS SHARE MODE')
            first = start(own, folder)
            eventually(lambda: count_done(own, "0901_python") >= COUNT - 12, 60, "most are done")
            first.send_signal(signal.SIGKILL)
            first.communicate()
            subprocess.run(["pkill", "-9", "-f", str(folder)], check=False)
        assert count_done(own, "0901_python") < COUNT
        again = start(own, folder)
        _said, complained = again.communicate(timeout=60)
        assert again.returncode == 0, complained
        assert count_done(own, "0900_column") == count_done(own, "0901_python") == COUNT
    assert visitors.asked > 0
    assert visitors.failed == []


def test_an_index_that_no_transaction_may_hold_is_made_in_every_district(
    own: RunningStack, folder: Path
) -> None:
    write(folder, "0900_column", COLUMN, number="00")
    write(folder, "0901_index", INDEX, number="00")
    began = time.monotonic()
    run = start(own, folder)
    said, complained = run.communicate(timeout=120)
    assert run.returncode == 0, complained
    assert "SECONDS" in said, complained
    assert count_done(own, "0901_index") == COUNT
    with database(own) as connection:
        asked = "SELECT count(*) FROM pg_class WHERE relname = 'bench_00_index' AND relkind = 'i'"
        # Beside the districts the template has it.
        assert connection.execute(asked).fetchone() == (COUNT + 1,)
    assert time.monotonic() - began < 120
