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
from wiq.embedded.postgres import packaged_binaries

pytestmark = pytest.mark.thorough
RESTORED = "restored_test"


def server(database: str) -> "psycopg.Connection[tuple[object, ...]]":
    host = unquote(urlsplit(os.environ["DATABASE_URL"]).hostname or "")
    return psycopg.connect(host=host, user="wiq", dbname=database, autocommit=True)


def program(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs against the tests' server."""
    host = unquote(urlsplit(os.environ["DATABASE_URL"]).hostname or "")
    command = [str(packaged_binaries() / "bin" / name), "-h", host, "-U", "wiq", *arguments]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.fixture
def restored(nord: District, sued: District, tmp_path: Path) -> Iterator[str]:
    """Dump this worker's database and restore it into an empty one."""
    source = connection.settings_dict["NAME"]
    dump = str(tmp_path / "wiq.dump")
    program("pg_dump", "--format=custom", f"--file={dump}", source)
    with server("wiq") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {RESTORED} OWNER wiq")
    program("pg_restore", "--exit-on-error", f"--dbname={RESTORED}", dump)
    yield RESTORED
    with server("wiq") as admin:
        admin.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def test_a_restored_backup_has_every_row_and_keeps_the_fences(
    restored: str, nord: District, sued: District
) -> None:
    source = connection.settings_dict["NAME"]
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
        after.execute("SET ROLE wiq_app")
        for schema in schemas:
            after.execute(f'SELECT count(*) FROM "{schema}".audit_entry')
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                after.execute(f'DELETE FROM "{schema}".audit_entry')
