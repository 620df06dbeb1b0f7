"""Where backups go: a bucket that speaks S3, or a folder (best another machine's disk).

A target keeps whole things only: what breaks off on the way is not there afterwards.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from wiq.backups.trouble import BackupError, Why


class Readable(Protocol):
    """What can be read to its end."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Kept:
    """Something at the target: its size in bytes, and when it came there (Unix time)."""

    size: int
    changed: float


class Target(Protocol):
    """What a folder and a bucket can both do. Every method may raise BackupError."""

    def put(self, key: str, content: Readable) -> None:
        """Keep all of ``content``, or nothing of it where reading it fails."""

    def open(self, key: str) -> IO[bytes]:
        """Open what is kept. Raises BackupError (CHAIN) where it is missing."""

    def listed(self, prefix: str) -> dict[str, Kept]:
        """Return all keys that begin so."""

    def remove(self, key: str) -> None:
        """Delete what is kept; what is not there is fine."""


class FolderTarget:
    """A folder: written beside, synced, and renamed when it is complete."""

    HALF = ".half-"

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise BackupError(Why.CHAIN, key) from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise BackupError(Why.FULL) from None
            raise BackupError(Why.REFUSED, error.strerror or type(error).__name__) from None

    def put(self, key: str, content: Readable) -> None:
        place = self.root / key
        half = place.parent / f"{self.HALF}{secrets.token_hex(4)}"
        with self._told(key):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with half.open("xb") as file:
                    while part := content.read(1 << 20):
                        file.write(part)
                    file.flush()
                    os.fsync(file.fileno())
                half.replace(place)
            finally:
                half.unlink(missing_ok=True)

    def open(self, key: str) -> IO[bytes]:
        with self._told(key):
            return (self.root / key).open("rb")

    def listed(self, prefix: str) -> dict[str, Kept]:
        found = {}
        with self._told(prefix):
            for file in (self.root / prefix).rglob("*"):
                if file.is_file() and not file.name.startswith(self.HALF):
                    known = file.stat()
                    key = file.relative_to(self.root).as_posix()
                    found[key] = Kept(known.st_size, known.st_mtime)
        return found

    def remove(self, key: str) -> None:
        with self._told(key):
            (self.root / key).unlink(missing_ok=True)
