"""A real PostgreSQL that is backed up, with two small districts, and a target for its backups."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.stack.running import eventually
from wiq.backups import wal
from wiq.backups.taking import wanted_recipients
from wiq.backups.targets import Target
from wiq.backups.wal import Receiver
from wiq.embedded.children import Nursery
from wiq.embedded.postgres import DATABASE, SUPERUSER, Postgres
from wiq.embedded.state import State

NORD, SUED = "d_00000000000000aa", "d_00000000000000bb"
TABLES = """
CREATE SCHEMA {0};
CREATE TABLE {0}.note (id serial PRIMARY KEY, words text NOT NULL);
CREATE TABLE {0}.seat (id serial PRIMARY KEY, note integer REFERENCES {0}.note);
INSERT INTO {0}.note (words) SELECT 'Notiz ' || n FROM generate_series(1, {1}) AS n;
"""


class Primary:
    """The server, and what a test writes into it and reads from it."""

    def __init__(self, postgres: Postgres, nursery: Nursery) -> None:
        self.postgres, self.nursery = postgres, nursery
        self.receiver = Receiver()

    @property
    def database(self) -> dict[str, Any]:
        """What the settings say of it."""
        parts = urlsplit(self.postgres.url)
        return {"HOST": unquote(parts.hostname or ""), "USER": SUPERUSER, "NAME": DATABASE}

    def sql(self, *statements: str) -> list[Any]:
        """Run statements as its administrator; return the rows of the last one."""
        where = self.database
        with psycopg.connect(
            host=where["HOST"], user=SUPERUSER, dbname=DATABASE, autocommit=True
        ) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def note(self, words: str, schema: str = NORD) -> None:
        self.sql(f"INSERT INTO {schema}.note (words) VALUES ('{words}')")

    def now(self) -> str:
        """Return the moment by its clock."""
        moment: str = self.sql("SELECT clock_timestamp()::text")[0][0]
        return moment

    def ship(self, target: Target) -> list[str]:
        """Let what was written so far leave, as ``backup run`` does."""
        segment = self.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")[0][0]
        self.sql("SELECT pg_create_restore_point('here')", "SELECT pg_switch_wal()")
        return self.ship_until(target, segment)

    def ship_until(self, target: Target, segment: str) -> list[str]:
        """Let the log leave up to a part of it."""

        self.receiver.tend()
        brought: list[str] = []

        def is_there() -> bool:
            self.receiver.tend()
            brought.extend(wal.ship(target, wanted_recipients()))
            return f"wal/{segment}.gz.age" in target.listed("wal/")

        eventually(is_there, 30, f"the log up to {segment}")
        return brought

    def kill(self) -> None:
        """``kill -9`` of the server, and its data is gone."""
        self.receiver.stop()
        self.nursery.children["postgresql"].process.kill()
        self.nursery.stop(["postgresql"], 2)
        self.postgres.throw_away()


@contextmanager
def primary(folder: Path) -> Iterator[Primary]:
    """Start one with two districts; ``WIQ_BACKUP_URL`` has to stand in the environment."""
    state = State(folder)
    state.acquire()
    nursery = Nursery(state.lock_descriptor())
    made = Primary(Postgres(state, state.make_socket_folder(), throwaway=True), nursery)
    try:
        made.postgres.create()
        made.postgres.start(nursery)
        made.sql(TABLES.format(NORD, 40), TABLES.format(SUED, 7))
        yield made
    finally:
        made.receiver.stop()
        nursery.stopping = True
        nursery.stop(["postgresql"], 5)
        nursery.close()
        made.postgres.throw_away()
        state.release()


def keys(folder: Path, name: str) -> tuple[Path, str]:
    """Make a pair of age's keys; return the file of the secret one, and the public one."""
    secret = folder / name
    subprocess.run(["age-keygen", "-o", str(secret)], check=True, capture_output=True)
    public = subprocess.run(
        ["age-keygen", "-y", str(secret)], check=True, capture_output=True, text=True
    )
    return secret, public.stdout.strip()
