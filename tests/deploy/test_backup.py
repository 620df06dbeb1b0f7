"""The backup of docs/howto/server.md, restored: same rows, same fences, districts that answer."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connection

from tests.cast import District
from tests.stack.running import open_folder
from wiq.embedded.postgres import OWNER, SUPERUSER, packaged_binaries
from wiq.embedded.stack import servers
from wiq.embedded.state import State

pytestmark = pytest.mark.thorough


def server(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True)


def program(name: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs against the server of this address."""
    parts = urlsplit(url)
    command = [str(packaged_binaries() / "bin" / name), "-h", unquote(parts.hostname or "")]
    result = subprocess.run(
        [*command, "-U", str(parts.username), *arguments], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


@pytest.fixture
def source() -> str:
    """The address of this worker's database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def restored(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Dump roles and database, and restore them on a new server, as on a new machine."""
    roles, dump = str(tmp_path / "roles.sql"), str(tmp_path / "wiq.dump")
    administrator = source.replace(f"//{OWNER}@", f"//{SUPERUSER}@")
    program("pg_dumpall", administrator, "--roles-only", f"--file={roles}")
    program("pg_dump", source, "--format=custom", f"--file={dump}", urlsplit(source).path[1:])
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    with open_folder("wiq-restore-") as folder, servers(State(folder), throwaway=True) as stack:
        # As its administrator does; owner and roles that are there already are said, no more.
        url = stack.environment["DATABASE_URL"].replace(f"//{OWNER}@", f"//{SUPERUSER}@")
        program("psql", url, "--quiet", "--dbname=wiq", f"--file={roles}")
        program("pg_restore", url, "--exit-on-error", "--dbname=wiq", dump)
        yield url


def test_a_restored_backup_has_every_row_and_keeps_the_fences(
    source: str, restored: str, nord: District, sued: District
) -> None:
    schemas = ["public", nord.row.schema_name, sued.row.schema_name]
    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2"
    with server(source) as before, server(restored) as after:
        names = before.execute(tables, [schemas]).fetchall()
        assert names == after.execute(tables, [schemas]).fetchall()
        assert len(names) > 60
        for schema, table in names:
            count = f'SELECT count(*) FROM "{schema}"."{table}"'
            assert before.execute(count).fetchone() == after.execute(count).fetchone(), table
        found = f"""SELECT name FROM "{schemas[1]}".solutions_solutionteam
                    WHERE search_vector @@ to_tsquery('german', 'baum:*')
                    OR title_key %%> 'gruen' """.replace("%%", "%")
        assert after.execute(found).fetchall()
        for schema, role in zip(schemas, ["wiq_app", *schemas[1:]], strict=True):
            after.execute("SET SESSION AUTHORIZATION wiq_app")
            after.execute(f'SET ROLE "{role}"')
            after.execute(f'SELECT count(*) FROM "{schema}".audit_entry')
            for refused in (
                f'DELETE FROM "{schema}".audit_entry',
                f'SELECT 1 FROM "{schemas[1 if role == schemas[2] else 2]}".mail_message',
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    after.execute(refused)
            after.execute("RESET SESSION AUTHORIZATION")
