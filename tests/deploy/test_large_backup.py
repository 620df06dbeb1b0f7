"""The nightly backup at a thousand districts: it fails with PostgreSQL's own settings, not with ours."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.deploy.test_backup import program, server
from tests.deploy.test_owner import manage
from tests.stack.running import open_folder
from wiq.database import lock_room
from wiq.embedded import postgres
from wiq.embedded.postgres import OWNER, SUPERUSER, packaged_binaries
from wiq.embedded.stack import Stack, servers
from wiq.embedded.state import State

pytestmark = pytest.mark.exhaustive
DISTRICTS = 1_000
MAKE = f"""
from tenants.provisioning.services import create_district
for number in range({DISTRICTS}):
    create_district(slug=f"viertel-{{number:04}}", name=f"Viertel {{number}}", city="L", actor="x")
"""
HEALTH = "from wiq.database.lock_room import check_room; check_room()"
# What PostgreSQL has where nobody sets anything.
DEFAULT_LOCKS, DEFAULT_CONNECTIONS = "64", "100"


@pytest.fixture(scope="module")
def folders() -> Iterator[tuple[Path, Path]]:
    with open_folder("wiq-large-") as one, open_folder("wiq-large-") as other:
        yield one, other


@pytest.fixture(autouse=True)
def _own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)


def administrator(stack: Stack) -> str:
    return stack.environment["DATABASE_URL"].replace(f"//{OWNER}@", f"//{SUPERUSER}@")


@pytest.fixture
def say(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Write a line among those of pytest: how long each part took (docs/figures.md)."""
    reporter: Any = request.config.pluginmanager.get_plugin("terminalreporter")

    def write(line: str) -> None:
        with capfd.disabled():
            reporter.write_line(line)

    return write


@contextmanager
def timed(say: Callable[[str], None], what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.0f} s")


def contents(url: str) -> dict[str, int]:
    """Return how many rows the log of every district has, and how many tables there are."""
    with server(url) as database:
        schemas = database.execute("SELECT schema_name FROM districts_district").fetchall()
        found = {
            str(name): int(str(database.execute(
                f'SELECT count(*) FROM "{name}".audit_entry').fetchone()[0]))  # type: ignore[index]
            for (name,) in schemas
        }  # fmt: skip
        tables = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname ~ '^(public|wiq_template|d_)'"
        ).fetchone()
    assert tables is not None
    return found | {"tables": int(str(tables[0]))}


def test_a_thousand_districts_are_dumped_and_restored(
    folders: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    say: Callable[[str], None],
) -> None:
    source, target = folders
    roles, dump = str(tmp_path / "roles.sql"), str(tmp_path / "wiq.dump")
    with servers(State(source), throwaway=True) as stack:
        assert manage(stack, "wiq", "migrate_districts", database="wiq").returncode == 0
        with timed(say, f"{DISTRICTS} districts made"):
            made = manage(stack, "wiq_app", "shell", "--no-imports", "-c", MAKE, database="wiq")
        assert made.returncode == 0, made.stderr
    with monkeypatch.context() as patch:
        patch.setattr(postgres, "LOCKS_OF_MANY", DEFAULT_LOCKS)
        patch.setitem(postgres.SETTINGS, "max_connections", DEFAULT_CONNECTIONS)
        with servers(State(source), throwaway=True) as stack:
            failed = refused_dump(administrator(stack), dump)
            assert "out of shared memory" in failed
            told = manage(stack, "wiq_app", "shell", "--no-imports", "-c", HEALTH, database="wiq")
            assert "TooFewLocks" in told.stderr
    with servers(State(source), throwaway=True) as stack:
        url = administrator(stack)
        told = manage(stack, "wiq_app", "shell", "--no-imports", "-c", HEALTH, database="wiq")
        assert told.returncode == 0, told.stderr
        program("pg_dumpall", url, "--roles-only", f"--file={roles}")
        with timed(say, "dumped"):
            program("pg_dump", url, "--format=custom", f"--file={dump}", "wiq")
        before = contents(url)
    say(f"the dump: {Path(dump).stat().st_size / 1e6:.0f} MB")
    with servers(State(target), throwaway=True) as stack:
        url = administrator(stack)
        program("psql", url, "--quiet", "--dbname=wiq", f"--file={roles}")
        with timed(say, "restored"):
            program("pg_restore", url, "--exit-on-error", "--dbname=wiq", dump)
        assert contents(url) == before
        assert len(before) == DISTRICTS + 1
        # Roles and functions are there as well: web and worker make the next district.
        made = manage(stack, "wiq_app", "create_district", "neu", "--name", "Neu", "--city", "L",
                      database="wiq")  # fmt: skip
        assert made.returncode == 0, made.stderr


def refused_dump(url: str, target: str) -> str:
    """Dump, which has to fail, and return what pg_dump says."""
    host = unquote(urlsplit(url).hostname or "")
    command = [str(packaged_binaries() / "bin" / "pg_dump"), "-h", host, "-U", SUPERUSER,
               "--format=custom", f"--file={target}", "wiq"]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode != 0
    return result.stderr


def test_the_lock_table_holds_what_five_thousand_districts_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Advisory locks stand in the same table as those of a dump, and are taken in a moment."""
    monkeypatch.setattr(postgres, "FILES_OF_FEW", 0)
    with open_folder("wiq-locks-") as folder, servers(State(folder), throwaway=True) as stack:
        many = lock_room.needed(lock_room.DISTRICTS)
        take = "SELECT count(pg_advisory_xact_lock_shared(n)) FROM generate_series(1, %s) n"
        with psycopg.connect(
            stack.environment["DATABASE_URL"].replace("postgres://", "postgresql://")
        ) as database:
            assert database.execute(take, [many]).fetchone() == (many,)
