"""The state folder: what a stack keeps between two runs, and its lock."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from wiq.embedded.console import Unusable

SOCKET_PATH_LIMIT = 107  # bytes; sockaddr_un.sun_path of Linux (unix(7)), with its closing NUL


# A little longer than the reaper's grace period for the children of a killed supervisor.
LEFTOVERS_SECONDS = 12.0


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: str) -> bool:
    """Tell whether the supervisor whose process id is in the lock still runs."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


class State:
    """One folder on disk, used by one stack at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._lock: IO[str] | None = None

    def acquire(self) -> None:
        """Create the folder if it is missing, and lock it.

        If the last stack's supervisor was killed, wait until its children are gone.
        Raises Unusable if the folder can't be written or another stack holds it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "log").mkdir(exist_ok=True)
            lock = open(self.folder / "lock", "a+", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise Unusable(
                f"the state folder {self.folder} is not writable: {error.strerror}"
            ) from error
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while not _locked(lock):
            lock.seek(0)
            if _is_alive(lock.read()) or time.monotonic() > deadline:
                lock.close()
                raise Unusable(f"the state folder {self.folder} is in use by another stack")
            time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        (self.folder / "stack.json").unlink(missing_ok=True)

    def lock_descriptor(self) -> int:
        """Return the open lock, for another process to hold as well."""
        assert self._lock is not None
        return self._lock.fileno()

    def release(self) -> None:
        """Forget the running stack and release the lock."""
        (self.folder / "stack.json").unlink(missing_ok=True)
        shutil.rmtree(self.socket_folder(), ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def in_use(self) -> bool:
        """Tell whether a stack holds the lock right now."""
        try:
            with open(self.folder / "lock", "a+", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def kept(self, name: str, length: int = 16) -> str:
        """Return a random word that stays the same for this folder; create it the first time."""
        file = self.folder / name
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as output:
                output.write(secrets.token_hex(length))
        return file.read_text(encoding="utf-8").strip()

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def socket_folder(self) -> Path:
        """Return the folder for the unix sockets, short enough for their length limit."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"wiq-{os.geteuid()}-{digest}"
        if len(os.fsencode(folder / "pg" / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
            folder = Path("/tmp") / folder.name
        return folder

    def make_socket_folder(self) -> Path:
        """Recreate the folder for the sockets, closed to other users.

        Root's PostgreSQL runs as another user and has to pass through to its own closed folder.
        Raises Unusable if another user's folder is in its place.
        """
        folder = self.socket_folder()
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            raise Unusable(f"{folder} belongs to somebody else; please remove it") from None
        if os.geteuid() == 0:
            folder.chmod(0o711)
        return folder

    def announce(self, environment: Mapping[str, str]) -> None:
        """Store how ``run.py manage`` reaches the servers of this stack."""
        file = self.folder / "stack.json"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as output:
            json.dump(dict(environment), output)

    def announced(self) -> dict[str, str] | None:
        """Return what the running stack announced, or None if none is running and ready."""
        if not self.in_use():
            return None
        try:
            announced: dict[str, str] = json.loads(
                (self.folder / "stack.json").read_text(encoding="utf-8")
            )
        except (OSError, ValueError):
            return None
        return announced
