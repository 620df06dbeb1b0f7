"""A backup of an older version is brought to this one before anything changes places."""

import lzma
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants.districts.models import District
from tenants.restoring.backups import opened
from tenants.restoring.scratch import BackupError, Scratch, running
from tests.upgrade.make import DATA
from wiq.embedded.postgres import SUPERUSER

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """A dump of an older version's database, with a district of it: short name and schema."""
    path = tmp_path_factory.mktemp("older") / "older.dump"
    with running() as server:
        text = lzma.decompress((DATA / "database.sql.xz").read_bytes()).decode()
        _typed(server, text)
        with server.connect() as connection:
            found = connection.execute(
                "SELECT slug, schema_name FROM districts_district ORDER BY id LIMIT 1"
            ).fetchone()
        assert found is not None
        server.run("pg_dump", "-U", SUPERUSER, "-Fc", f"--file={path}", server.database)
        yield path, *found


def _typed(server: Scratch, text: str) -> None:
    with server.connect() as connection:
        for role in ("wiq_app", "wiq_district"):
            connection.execute(f'CREATE ROLE "{role}"')
        for line in text.splitlines():
            if line.startswith("CREATE SCHEMA d_"):
                connection.execute(f'CREATE ROLE "{line.split()[-1].rstrip(";")}"')
    command = [
        str(server.postgres.binaries / "psql"), "-h", str(server.postgres.sockets), "-U", SUPERUSER,
        "-d", server.database, "-Xq",
    ]  # fmt: skip
    subprocess.run(command, input=text, text=True, check=True, capture_output=True)


def test_its_rows_come_in_the_tables_of_this_version(
    older: tuple[Path, str, str], django_db_setup: None
) -> None:
    path, slug, schema = older
    said: list[str] = []
    with (
        opened(path, District(slug=slug, schema_name=schema), say=said.append) as backup,
        backup.connect() as connection,
    ):
        assert any("older version" in line for line in said)
        people = connection.execute(f'SELECT count(*) FROM "{schema}".people_person').fetchone()
        newest = connection.execute(
            "SELECT to_regclass(%s) IS NOT NULL", [f"{schema}.events_event"]
        ).fetchone()
    assert people is not None
    assert people[0] > 0
    assert newest == (True,)


def test_a_backup_of_a_newer_version_is_refused(older: tuple[Path, str, str]) -> None:
    path, slug, schema = older
    newer = path.with_name("newer.dump")
    with running() as server:
        with server.connect() as connection:
            connection.execute(f'CREATE SCHEMA "{schema}"')
            connection.execute(f'CREATE TABLE "{schema}".django_migrations (app text, name text)')
            connection.execute(
                f"""INSERT INTO "{schema}".django_migrations VALUES ('people', '9999_later')"""
            )
        server.run("pg_dump", "-U", SUPERUSER, "-Fc", f"--file={newer}", server.database)
    refused = pytest.raises(BackupError, match="newer version")
    with refused, opened(newer, District(slug=slug, schema_name=schema)):
        pass
