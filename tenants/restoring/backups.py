"""Opening a backup: its rows of one district, in a server of their own, as of this version."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tenants.districts.models import District
from tenants.restoring import base_backups
from tenants.restoring.base_backups import BaseBackup
from tenants.restoring.scratch import ROLES, BackupError, Scratch, running
from tenants.restoring.steps import Step
from wiq.embedded.postgres import OWNER

Say = Callable[[Step], None]
TABLE = "districts_district"
ROOT = Path(__file__).resolve().parents[2]
# pg_restore --list: "215; 1259 16400 TABLE public districts_district wiq"
_ENTRY = re.compile(r"\d+; \d+ \d+ (?P<what>[A-Z][A-Z ]*) (?P<schema>\S+) (?P<name>.*)")
_DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
# What says who may do what: in this server nobody else signs in.
_NOT_NEEDED = ("ACL", "DEFAULT ACL", "COMMENT", "POLICY", "EVENT TRIGGER")


@dataclass(frozen=True)
class Opened:
    """The rows of one district in a backup, in the tables of this version."""

    server: Scratch
    schema_name: str
    # What people call it: the file's name, and the moment.
    origin: str

    def connect(self) -> "psycopg.Connection[Any]":
        """Open a connection that the caller closes."""
        return self.server.connect()


@contextmanager
def opened(
    path: Path, district: District, *, at: str = "", say: Say = lambda step: None
) -> Iterator[Opened]:
    """Open a backup at ``path`` for one district: a file of ``pg_dump -Fc``, or a base backup.

    ``at``: to which moment a base backup is recovered by the WAL beside it.

    Raises BackupError for what is no backup, is of a newer version, or lacks the district.
    """

    def itself(server: Scratch) -> District:
        return district

    with _opened(path, itself, at=at, say=say) as found:
        yield found


@contextmanager
def opened_by_name(
    path: Path, slug: str, *, at: str = "", say: Say = lambda step: None
) -> Iterator[Opened]:
    """Open a backup for a district as it was called then, whether or not there is one today.

    Raises BackupError like ``opened``, and where the backup has no district of that name.
    """

    def of_backup(server: Scratch) -> District:
        return District(schema_name=_schema_of(server, path, slug), slug=slug)

    with _opened(path, of_backup, at=at, say=say) as found:
        yield found


@contextmanager
def _opened(
    path: Path, who: Callable[[Scratch], District], *, at: str, say: Say
) -> Iterator[Opened]:
    if not path.exists():
        raise BackupError(f"There is no {path}.")
    if path.is_dir():
        with _recovered(base_backups.found(path, at)) as server:
            say(Step.RECOVERED)
            district = who(server)
            _check_there(server, path, str(district.schema_name))
            origin = f"{path.name}, {at}" if at else path.name
            yield _up_to_date(server, district, origin, say)
        return
    if at:
        raise BackupError("A moment (--at) can be reached only from a folder with WAL beside it.")
    with running() as server:
        district = who(server)
        _load(server, path, str(district.schema_name))
        say(Step.READ)
        yield _up_to_date(server, district, path.name, say)


def _schema_of(server: Scratch, path: Path, slug: str) -> str:
    """Return the schema that a district of a backup had. Raises BackupError."""
    for found in _rows_of_base(server) if path.is_dir() else _rows_of_dump(server, path):
        if found.get("slug") == slug:
            return found["schema_name"]
    raise BackupError(f"{path.name}: the district is not in this backup ({slug}).")


def _rows_of_dump(server: Scratch, path: Path) -> Iterator[dict[str, str]]:
    """Yield the districts of a dump, which pg_restore prints as COPY's text."""
    text = server.run("pg_restore", "--data-only", "--schema=public", f"--table={TABLE}",
                      "--file=-", str(path))  # fmt: skip
    columns: list[str] = []
    for line in text.splitlines():
        if line.startswith(f"COPY public.{TABLE} ("):
            columns = line[line.index("(") + 1 : line.index(")")].split(", ")
        elif line == "\\.":
            columns = []
        elif columns:
            yield dict(zip(columns, line.split("\t"), strict=False))


def _rows_of_base(server: Scratch) -> Iterator[dict[str, str]]:
    with server.connect(database="template1") as connection:
        names = [name for (name,) in connection.execute(_DATABASES)]
    for name in names:
        with server.connect(database=name) as connection:
            if connection.execute("SELECT to_regclass(%s)", [f"public.{TABLE}"]).fetchone() != (
                None,
            ):
                for slug, schema in connection.execute(
                    f"SELECT slug, schema_name FROM public.{TABLE}"  # noqa: S608 (our own name)
                ):
                    yield {"slug": slug, "schema_name": schema}


@contextmanager
def _recovered(backup: BaseBackup) -> Iterator[Scratch]:
    """Start a base backup as a server. Raises BackupError."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running(backup.lay_out, backup.options()))
        except BackupError as error:
            raise base_backups.in_our_words(error) from None
        yield server


def _check_there(server: Scratch, path: Path, schema_name: str) -> None:
    """Find the platform's database, and the district in it. Raises BackupError."""
    with server.connect(database="template1") as connection:
        names = [name for (name,) in connection.execute(_DATABASES)]
    # As it is called here, first.
    wanted = settings.DATABASES["default"]["NAME"]
    for name in sorted(names, key=lambda name: name != wanted):
        with server.connect(database=name) as connection:
            if connection.execute(_SCHEMA, [schema_name]).fetchone():
                server.database = name
                return
    raise BackupError(f"{path.name}: the district is not in this backup ({schema_name}).")


def _load(server: Scratch, path: Path, schema_name: str) -> None:
    """Bring the public schema and one district's from a dump; the other districts stay there."""
    listed = server.run("pg_restore", "--list", str(path)).splitlines()
    wanted = [line for line in listed if _is_wanted(line, schema_name)]
    if not any(f" SCHEMA - {schema_name} " in line for line in wanted):
        raise BackupError(f"{path.name}: the district is not in this backup ({schema_name}).")
    # By the owner, who passes them on when the district is brought to this version.
    with server.connect(OWNER) as connection:
        for role in (*ROLES, schema_name):
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
            ).fetchone():
                connection.execute(f'CREATE ROLE "{role}"')
    with tempfile.NamedTemporaryFile("w", suffix=".list") as table_of_contents:
        table_of_contents.write("\n".join(wanted))
        table_of_contents.flush()
        server.run(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
            f"--use-list={table_of_contents.name}", f"--dbname={server.database}", str(path),
        )  # fmt: skip


def _is_wanted(line: str, schema_name: str) -> bool:
    entry = _ENTRY.match(line)
    if entry is None:
        return False
    what, schema, name = entry["what"], entry["schema"], entry["name"]
    # "ACL public TABLE x" and "TABLE public x": the words in capitals end before the schema.
    if what.startswith(_NOT_NEEDED):
        return False
    if schema == "-":
        return what == "EXTENSION" or (what == "SCHEMA" and name.split()[0] == schema_name)
    return schema in ("public", schema_name)


def _up_to_date(server: Scratch, district: District, origin: str, say: Say) -> Opened:
    """Bring the district's tables of a backup to this version. Raises BackupError."""
    name = str(district.schema_name)
    with server.connect() as connection:
        known = {
            (app, migration)
            for app, migration in connection.execute(
                f'SELECT app, name FROM "{name}".django_migrations'  # noqa: S608 (our own name)
            )
        }
    loader = MigrationLoader(None)
    ours = {*loader.disk_migrations, *loader.replacements}
    newer = sorted(key for key in known - ours if key[0] in loader.migrated_apps)
    if newer:
        raise BackupError(f"{origin}: of a newer version than this one ({'.'.join(newer[0])}).")
    behind = set(loader.graph.nodes) - known
    if behind & _of_districts(loader):
        say(Step.OLDER)
        _migrate(server, district)
    return Opened(server, name, origin)


def _of_districts(loader: MigrationLoader) -> "set[tuple[str, str]]":
    labels = {
        config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS
    }
    return {node for node in loader.graph.nodes if node[0] in labels}


def _migrate(server: Scratch, district: District) -> None:
    """Run this version's own migrations there, in a process with another database."""
    with server.connect() as connection:
        # Foreign keys are not followed: the others' rows are of no use here.
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "DELETE FROM public.districts_district WHERE schema_name <> %s", [district.schema_name]
        )
    for words in (["--platform"], ["--district", district.slug, "--strict"]):
        said = manage(server, "migrate_districts", *words)
        if said:
            raise BackupError(f"the backup can't be brought to this version: {said}")


def manage(server: Scratch, *words: str) -> str:
    """Run a command of this version on a backup's server; return why it failed, or nothing."""
    with tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"DATABASE_URL": server.url(), "WIQ_LEDGER": empty}
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return " ".join(done.stderr.split()[-60:]) or "no word why"
