"""A server for a moment: started from what came back, on a socket of its own, and thrown away."""

import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from wiq.backups import server
from wiq.backups.fetching import Places
from wiq.backups.trouble import BackupError, Why, last_words
from wiq.embedded.children import die_with_parent
from wiq.embedded.postgres import server_user

# What the primary has in its configuration means nothing here: whoever reaches the socket may
# look, and nobody else can. Without hot_standby it needs no more room than this.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "20",
    "max_worker_processes": "2",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_locks_per_transaction": "256",
    "hot_standby": "off",
    "wal_level": "replica",
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "io_method": "sync",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "recovery_target_action": "promote",
    "archive_mode": "off",
}
SUPERUSER = "postgres"
# Reading the log of a day takes a while.
START_SECONDS = 1800.0


@contextmanager
def started(places: Places, point: str) -> Iterator[dict[str, str]]:
    """Start a server that reads the log up to a named point; give what libpq needs to reach it.

    Raises BackupError (RECOVERY) where it does not come so far.
    """
    (places.data / "postgresql.auto.conf").write_text("")
    (places.data / "recovery.signal").touch()
    lines = {"restore_command": f'cp "{places.wal}/%f" "%p"', "recovery_target_name": point}
    with restored(places, lines) as where:
        yield where


@contextmanager
def restored(places: Places, lines: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Start a server from a data folder, with settings that harm nobody and those in ``lines``.

    Raises BackupError (RECOVERY) where it ends by itself.
    """
    _prepare(places, SETTINGS | dict(lines or {}))
    with tempfile.TemporaryDirectory(prefix="wiq-check-") as sockets:
        give(Path(sockets))
        said = places.data.parent / "scratch.log"
        with said.open("w") as output:
            process = subprocess.Popen(
                [server.program("postgres"), "-D", str(places.data), "-k", sockets],
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, cwd="/",
                user=server_user(), group=_group(), extra_groups=None if _group() is None else [],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                preexec_fn=die_with_parent(3),
            )  # fmt: skip
        try:
            where = {"host": sockets, "user": SUPERUSER, "dbname": "postgres"}
            _wait(process, where, said)
            yield where
        finally:
            process.send_signal(3)  # at once (SIGQUIT): nothing of it is kept
            process.wait()


def _group() -> int | None:
    user = server_user()
    return None if user is None else pwd.getpwuid(user).pw_gid


def give(folder: Path) -> None:
    """Let the server's user have a folder with all that is in it, where this is root."""
    user, group = server_user(), _group()
    if user is None or group is None:
        return
    os.chown(folder, user, group)
    for inside in folder.rglob("*"):
        os.chown(inside, user, group, follow_symlinks=False)


def _prepare(places: Places, settings: Mapping[str, str]) -> None:
    data = places.data
    lines = (f"{name} = '{value}'" for name, value in settings.items())
    (data / "postgresql.conf").write_text("\n".join([*lines, ""]))
    (data / "pg_hba.conf").write_text("local all all trust\n")
    (data / "pg_ident.conf").write_text("")
    for folder in (data, places.wal):
        give(folder)
    if server_user() is None:
        return
    for above in data.parents:
        if not above.stat().st_mode & 0o001:
            raise BackupError(Why.RECOVERY, f"nobody but root enters {above} (WIQ_BACKUP_STATE)")


def _wait(process: subprocess.Popen[bytes], where: dict[str, str], said: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            psycopg.connect(**where, connect_timeout=5).close()  # type: ignore[arg-type]
            return
        except psycopg.Error:
            pass
        if process.poll() is not None:
            raise BackupError(Why.RECOVERY, _reason(said.read_text(errors="replace")))
        time.sleep(0.2)
    raise BackupError(Why.RECOVERY, f"not within {START_SECONDS:.0f} s")


def _reason(text: str) -> str:
    """Return the first line that ended the server, without its time."""
    ends = [line for line in text.splitlines() if "FATAL:" in line or "PANIC:" in line]
    # That is what it says to whoever asks too early: to us.
    fatal = [line for line in ends if "the database system is" not in line]
    return fatal[0].split("FATAL:")[-1].strip() if fatal else last_words(text)
