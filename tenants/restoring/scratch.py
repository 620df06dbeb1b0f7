"""A PostgreSQL of its own beside the platform's, for as long as one backup is read.

It needs no right in the platform's database: nothing of an old backup touches what others use.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from django.conf import settings

from wiq.embedded.children import Nursery
from wiq.embedded.console import Unusable
from wiq.embedded.postgres import DATABASE, OWNER, SUPERUSER, Postgres
from wiq.embedded.state import State

STOP_SECONDS = 20
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
ROLES = ("wiq_app", "wiq_district")


class BackupError(Exception):
    """The backup can't be read; the text says in one line why."""


class Scratch:
    """One running server with one database, reached by a socket that nobody else can enter."""

    def __init__(self, postgres: Postgres, database: str = DATABASE) -> None:
        self.postgres, self.database = postgres, database

    def connect(self, user: str = SUPERUSER, database: str = "") -> "psycopg.Connection[Any]":
        """Open a connection that the caller closes."""
        return psycopg.connect(
            host=str(self.postgres.sockets), user=user, dbname=database or self.database,
            autocommit=True,
        )  # fmt: skip

    def url(self) -> str:
        """Return the address at which the owner signs in."""
        where = str(self.postgres.sockets).replace("/", "%2F")
        return f"postgres://{OWNER}@{where}/{self.database}"

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs on this server; return its output.

        Raises BackupError with its last line.
        """
        command = [str(self.postgres.binaries / program), *arguments]
        where = {"PGHOST": str(self.postgres.sockets), "PGUSER": OWNER}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **where}
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
        if result.returncode:
            lines = result.stderr.strip().splitlines() or [f"status {result.returncode}"]
            raise BackupError(f"{program}: {lines[0]}")
        return result.stdout


@contextmanager
def running(
    lay_out: Callable[[Postgres], None] = Postgres.create, options: Mapping[str, str] = NO_OPTIONS
) -> Iterator[Scratch]:
    """Start an empty server, or one on the data that ``lay_out`` puts there; delete it afterwards.

    ``options`` are settings beyond those of run.py. Raises BackupError if it can't start.
    """
    base = Path(settings.WIQ_SCRATCH)
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="restoring-", dir=base))
    folder.chmod(0o711)
    state = State(folder)
    state.acquire()
    nursery = Nursery(state.lock_descriptor())
    postgres: Postgres | None = None
    try:
        postgres = Postgres(state, state.make_socket_folder(), throwaway=True)
        postgres.settings |= options
        lay_out(postgres)
        postgres.start(nursery)
        yield Scratch(postgres)
    except Unusable as error:
        raise BackupError(" ".join(str(error).split())[-600:]) from None
    finally:
        nursery.stop(["postgresql"], STOP_SECONDS)
        nursery.close()
        if postgres is not None:
            postgres.throw_away()
        state.release()
        shutil.rmtree(folder, ignore_errors=True)
