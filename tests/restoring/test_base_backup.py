"""A district comes back from a base backup, to the minute, while the platform works."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tenants.districts.models import District
from tenants.restoring.backups import opened
from tenants.restoring.scratch import BackupError
from wiq.embedded.children import Nursery
from wiq.embedded.postgres import SUPERUSER, Postgres
from wiq.embedded.state import State

pytestmark = pytest.mark.thorough
SCHEMA = "d_00000000000000aa"
# What a backup needs to be looked at: a district, its row and its migrations.
TABLES = f"""
CREATE ROLE "{SCHEMA}";
CREATE SCHEMA "{SCHEMA}";
CREATE TABLE "{SCHEMA}".django_migrations (app text, name text);
CREATE TABLE "{SCHEMA}".people_team (name text);
INSERT INTO "{SCHEMA}".people_team VALUES ('vor der Sicherung');
"""


class Archived:
    """A server that archives its WAL, with a base backup of it."""

    def __init__(self, postgres: Postgres, folder: Path) -> None:
        self.postgres, self.folder = postgres, folder

    def do(self, *statements: str) -> datetime:
        """Run statements; return a moment after them, a little before anything later."""
        with psycopg.connect(
            host=str(self.postgres.sockets), user=SUPERUSER, dbname="wiq", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)
        time.sleep(0.2)
        moment = datetime.now(UTC)
        time.sleep(0.2)
        return moment


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    folder = Path("/tmp") / f"wiq-base-{os.getpid()}"
    folder.mkdir(mode=0o755)
    (folder / "wal").mkdir()
    (folder / "wal").chmod(0o777)
    state = State(folder / "state")
    state.acquire()
    nursery = Nursery(state.lock_descriptor())
    postgres = Postgres(state, state.make_socket_folder(), throwaway=True)
    postgres.settings |= {
        "max_wal_senders": "3", "archive_mode": "on", "full_page_writes": "on",
        "archive_command": f"cp %p {folder}/wal/%f",
    }  # fmt: skip
    try:
        postgres.create()
        postgres.start(nursery)
        server = Archived(postgres, folder)
        server.do(TABLES)
        command = [
            str(postgres.binaries / "pg_basebackup"), "-h", str(postgres.sockets), "-U", SUPERUSER,
            "-D", str(folder / "data"), "-c", "fast", "-X", "none",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        yield server
    finally:
        nursery.stop(["postgresql"], 10)
        nursery.close()
        postgres.throw_away()
        state.release()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_tables_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of these tests has two tables: nothing is brought to this version."""
    monkeypatch.setattr("tenants.restoring.backups._of_districts", lambda loader: set())


def teams(path: Path, at: str = "") -> list[str]:
    district = District(slug="nord", schema_name=SCHEMA)
    with opened(path, district, at=at) as backup, backup.connect() as connection:
        rows = connection.execute(f'SELECT name FROM "{SCHEMA}".people_team ORDER BY name')
        return [name for (name,) in rows]


def test_a_moment_between_two_writes_is_reached_and_the_backup_stays_as_it_is(
    archived: Archived, own_tables_fit: None
) -> None:
    before = sorted(path.name for path in (archived.folder / "data").iterdir())
    moment = archived.do(f"""INSERT INTO "{SCHEMA}".people_team VALUES ('am Samstag')""")
    archived.do(f"""DELETE FROM "{SCHEMA}".people_team""", "SELECT pg_switch_wal()")
    for _try in range(50):
        with psycopg.connect(
            host=str(archived.postgres.sockets), user=SUPERUSER, dbname="wiq"
        ) as connection:
            (waiting,) = connection.execute(
                "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"
            ).fetchone() or (0,)
        if not waiting:
            break
        time.sleep(0.1)
    assert teams(archived.folder) == ["vor der Sicherung"]
    assert teams(archived.folder, moment.isoformat()) == ["am Samstag", "vor der Sicherung"]
    assert teams(archived.folder / "data", moment.isoformat())
    assert sorted(path.name for path in (archived.folder / "data").iterdir()) == before


def test_a_moment_that_the_wal_does_not_reach_is_refused_in_words(
    archived: Archived, own_tables_fit: None, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="does not reach"):
        teams(archived.folder, "2099-01-01 12:00")
    with pytest.raises(BackupError, match="please write it like"):
        teams(archived.folder, "vorgestern")
    with pytest.raises(BackupError, match="no data folder"):
        teams(tmp_path)
    with pytest.raises(BackupError, match="the district is not in this backup"):
        list_of_another(archived.folder)


def list_of_another(path: Path) -> None:
    with opened(path, District(slug="sued", schema_name="d_00000000000000bb")):
        pass


def test_a_moment_needs_wal(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("18\n")
    with pytest.raises(BackupError, match="needs WAL"):
        teams(tmp_path, "2026-11-29 14:30")
