"""A running platform: one district is restored, the others answer as if nothing happened."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, open_folder
from wiq.embedded.postgres import packaged_binaries

WEST, OSTEN = "leipziger-westen.localhost", "leipziger-osten.localhost"
PATHS = ("/", "/menschen/", "/loesungsteams/", "/kontakt/")
DISTRICTS, MOST_SECONDS = 1_000, 180
MAKE = """
from tenants.provisioning.services import create_district
for number in range({count}):
    create_district(slug=f"viertel-{{number:04}}", name=f"Viertel {{number}}", city="L", actor="x")
"""
DELETE = """
from django_tenants.utils import tenant_context
from tenants.districts.models import District
from directory.people.models import Team
from directory.people import services
with tenant_context(District.objects.get(slug="leipziger-westen")):
    team = Team.objects.order_by("pk").first()
    print(team.name)
    services.remove(team, actor="test")
"""
TEAMS = """
from django_tenants.utils import tenant_context
from tenants.districts.models import District
from directory.people.models import Team
with tenant_context(District.objects.get(slug="leipziger-westen")):
    print(*Team.objects.values_list("name", flat=True), sep="|")
"""


@pytest.fixture
def running() -> Iterator[RunningStack]:
    with open_folder("wiq-restored-") as folder:
        stack = RunningStack(prepared(folder / "state")).start()
        yield stack
        stack.stop()


def dumped(stack: RunningStack, target: Path) -> Path:
    parts = urlsplit(stack.announced()["DATABASE_URL"])
    command = [
        str(packaged_binaries() / "bin" / "pg_dump"), "-h", unquote(parts.hostname or ""),
        "-U", str(parts.username), "--format=custom", f"--file={target}", "wiq",
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return target


def checksums(stack: RunningStack) -> dict[str, Any]:
    """Return a checksum of every table of every district but the one that is restored."""
    address = stack.announced()["DATABASE_URL"].replace("postgres://", "postgresql://")
    found = {}
    with psycopg.connect(address.replace("//wiq@", "//postgres@"), autocommit=True) as database:
        tables = database.execute(
            "SELECT t.schemaname, t.tablename FROM pg_tables t JOIN districts_district d"
            " ON d.schema_name = t.schemaname WHERE d.slug <> 'leipziger-westen'"
        ).fetchall()
        for schema, table in tables:
            row = database.execute(
                f'SELECT sum(hashtextextended(t::text, 0)) FROM "{schema}"."{table}" t'
            ).fetchone()
            found[f"{schema}.{table}"] = row
    return found


@contextmanager
def asked(stack: RunningStack, host: str, answers: list[int]) -> Iterator[None]:
    """Ask pages of a district all the time, each made anew."""
    over = threading.Event()

    def ask() -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            answers.append(stack.get(f"{PATHS[turn % len(PATHS)]}?n={turn}", host).status)
            time.sleep(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def restore_meanwhile(stack: RunningStack, folder: Path) -> tuple[float, list[int], list[int]]:
    """Delete a team, restore its district; return how long that took, and all answers."""
    dump = dumped(stack, folder / "wiq.dump")
    lost = stack.manage(DELETE).strip().splitlines()[-1]
    assert lost not in stack.manage(TEAMS)
    before = checksums(stack)
    others: list[int] = []
    own: list[int] = []
    began = time.monotonic()
    with asked(stack, OSTEN, others), asked(stack, WEST, own):
        said = stack.manage_command("restore_district", "leipziger-westen", "--from", str(dump))
    took = time.monotonic() - began
    assert f"({lost})" in said
    assert lost in stack.manage(TEAMS)
    assert checksums(stack) == before
    return took, others, own


@pytest.mark.thorough
def test_the_others_answer_and_stay_as_they_are(running: RunningStack, tmp_path: Path) -> None:
    _took, others, own = restore_meanwhile(running, tmp_path)
    assert (len(others) > 20, set(others)) == (True, {200})
    assert set(own) == {200}


@pytest.mark.exhaustive
def test_so_it_is_beside_a_thousand_districts_within_three_minutes(
    running: RunningStack,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
) -> None:
    running.manage(MAKE.format(count=DISTRICTS - 2))
    took, others, own = restore_meanwhile(running, tmp_path)
    reporter: Any = request.config.pluginmanager.get_plugin("terminalreporter")
    with capfd.disabled():
        pages = f"{len(others)} and {len(own)} pages meanwhile"
        reporter.write_line(f"restored in {took:.0f} s, {pages}")
    assert (set(others), set(own)) == ({200}, {200})
    assert took < MOST_SECONDS
