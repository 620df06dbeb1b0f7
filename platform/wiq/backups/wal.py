"""The log of changes, as it comes: received by ``pg_receivewal``, sealed, and off the machine.

A part of it leaves when PostgreSQL has closed it: when it is full, and at the latest after the
server's ``archive_timeout`` (docs/howto/backups.md says 4 minutes).
"""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from wiq.backups import server
from wiq.backups.catalogue import SEGMENT, WAL
from wiq.backups.fetching import SEALED
from wiq.backups.sealing import of_file, seal
from wiq.backups.slot import SLOT
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why, last_words

LOST = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'"


def folder() -> Path:
    """Return where parts lie until they have left."""
    return Path(settings.WIQ_BACKUP_STATE) / "wal"


def ship(target: Target, recipients: Sequence[str]) -> list[str]:
    """Bring to the target what is closed and still here; return the names. Raises BackupError.

    A part is removed here once the target has it.
    """
    brought = []
    for file in sorted(folder().glob("*")):
        if SEGMENT.fullmatch(file.name) or file.suffix == ".history":
            seal(of_file(file), recipients, target, f"{WAL}{file.name}{SEALED}")
            file.unlink()
            brought.append(file.name)
    return brought


class Receiver:
    """``pg_receivewal``, started again where it ends."""

    PAUSE_SECONDS = 10.0

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._tried = float("-inf")

    def tend(self) -> None:
        """See to it that it runs. Raises BackupError (DATABASE) with its words where it ended."""
        if self._process is not None and self._process.poll() is None:
            return
        words = self._words()
        if time.monotonic() - self._tried >= self.PAUSE_SECONDS:
            self._tried = time.monotonic()
            self._start()
        if words:
            raise BackupError(Why.DATABASE, words)

    def _start(self) -> None:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        with server.connect() as connection:
            if server.one(connection, LOST, [SLOT]):
                # What it kept is gone; the next backup begins anew, and the check says so.
                server.one(connection, "SELECT pg_drop_replication_slot(%s)::text", [SLOT])
        server.run("pg_receivewal", f"--slot={SLOT}", "--create-slot", "--if-not-exists",
                   "--no-password", why=Why.DATABASE)  # fmt: skip
        self._process = subprocess.Popen(
            [server.program("pg_receivewal"), f"--directory={folder()}", f"--slot={SLOT}",
             "--no-loop", "--no-password"],
            env=server.environment(), cwd="/", stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _words(self) -> str:
        if self._process is None or self._process.stderr is None:
            return ""
        words = self._process.stderr.read()
        self._process.stderr.close()
        self._process = None
        return last_words(words)

    def stop(self) -> None:
        """End it; what has come so far stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._words()
        self._tried = float("-inf")
