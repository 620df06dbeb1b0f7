"""Packing and encrypting on the way out, and back: gzip, then age (https://age-encryption.org).

age is a program of its own: what it wrote opens everywhere with ``age -d | gunzip``, without the
platform. Nothing lies in the clear on a disk, and no more than some blocks in memory.
"""

import hashlib
import os
import shutil
import subprocess
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from wiq.backups.targets import Readable, Target
from wiq.backups.trouble import BackupError, Why, last_words

BLOCK = 1 << 20
# Fast; databases and their logs are mostly empty space.
LEVEL = 1
GZIP = zlib.MAX_WBITS | 16
Write = Callable[[bytes], Any]
Feed = Callable[[Write], None]


@dataclass(frozen=True)
class Stored:
    """Something at the target as it was written: key, bytes there and before, and SHA-256."""

    key: str
    size: int
    clear: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def age() -> str:
    """Return the program. Raises BackupError where it is missing."""
    found = shutil.which("age")
    if found is None:
        raise BackupError(Why.PROGRAM, "age (apt-get install age)")
    return found


class Sealed:
    """A file to read from: what ``feed`` writes, packed and encrypted for ``recipients``.

    Its last read raises what went wrong on the way, so whoever reads it never takes a part for
    the whole.
    """

    def __init__(self, feed: Feed, recipients: Sequence[str]) -> None:
        named = [word for key in recipients for word in ("--recipient", key)]
        self._age = subprocess.Popen(
            [age(), "--encrypt", *named],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._feed = feed
        self._error: BaseException | None = None
        self._hash = hashlib.sha256()
        self.size = self.clear = 0
        # It asks no database of a district: what it packs comes from a program or a storage.
        self._thread = threading.Thread(target=self._pack, daemon=True)  # noqa: TID251

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._age.poll() is None:
            self._age.kill()
        self._thread.join()
        for pipe in (self._age.stdout, self._age.stderr):
            assert pipe is not None
            pipe.close()
        self._age.wait()

    def _pack(self) -> None:
        assert self._age.stdin is not None
        into, packing = self._age.stdin, zlib.compressobj(LEVEL, wbits=GZIP)

        def write(data: bytes) -> int:
            self.clear += len(data)
            into.write(packing.compress(data))
            return len(data)

        try:
            self._feed(write)
            into.write(packing.flush())
        except BaseException as error:
            self._error = error
        finally:
            try:
                into.close()
            except OSError as error:
                self._error = self._error or error

    def read(self, size: int = -1) -> bytes:
        assert self._age.stdout is not None
        data = self._age.stdout.read(size)
        self._hash.update(data)
        self.size += len(data)
        if size < 0 or len(data) < size:
            self._end()
        return data

    def _end(self) -> None:
        self._thread.join()
        assert self._age.stderr is not None
        if self._age.wait() != 0:
            if self._age.stderr.closed:
                raise BackupError(Why.SETTINGS, "WIQ_BACKUP_RECIPIENTS")
            words = self._age.stderr.read().decode(errors="replace")
            raise BackupError(Why.SETTINGS, f"WIQ_BACKUP_RECIPIENTS ({words.splitlines()[0]})")
        if self._error is not None:
            raise self._error

    def stored(self, key: str) -> Stored:
        return Stored(key, self.size, self.clear, self._hash.hexdigest())


def seal(feed: Feed, recipients: Sequence[str], target: Target, key: str) -> Stored:
    """Bring what ``feed`` writes to the target, sealed, or nothing of it. Raises BackupError."""
    with Sealed(feed, recipients) as sealed:
        target.put(key, sealed)
        return sealed.stored(key)


def of_file(path: Path) -> Feed:
    """Return what writes a file of this machine."""

    def feed(write: Write) -> None:
        with path.open("rb") as file:
            while part := file.read(BLOCK):
                write(part)

    return feed


class _Arriving(threading.Thread):  # noqa: TID251
    """Brings what comes from the target to age, counts it, and notes what fails.

    It asks no database.
    """

    def __init__(self, source: Readable, into: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.source, self.into = source, into
        self.hash, self.size = hashlib.sha256(), 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while part := self.source.read(BLOCK):
                self.hash.update(part)
                self.size += len(part)
                self.into.write(part)
        except BrokenPipeError:
            pass  # age says why it reads no more
        except BaseException as error:
            self.error = error
        finally:
            with suppress(OSError):
                self.into.close()


def unseal(target: Target, key: str, identity: Path, write: Write, known: Stored | None) -> None:
    """Write what is kept under ``key`` as it was before. Raises BackupError.

    What ``write`` got counts only when this returns: a file that was cut or changed is noticed at
    its end.
    """
    if not identity.is_file() or not os.access(identity, os.R_OK):
        raise BackupError(Why.SETTINGS, f"WIQ_BACKUP_IDENTITY ({identity})")
    with target.open(key) as source, subprocess.Popen(
        [age(), "--decrypt", "--identity", str(identity)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as opening:  # fmt: skip
        assert opening.stdin and opening.stdout and opening.stderr
        arriving = _Arriving(source, opening.stdin)
        arriving.start()
        try:
            whole = _unpack(opening.stdout, write)
        finally:
            opening.stdout.close()
            arriving.join()
        words = opening.stderr.read().decode(errors="replace")
        status = opening.wait()
    if arriving.error is not None:
        raise arriving.error
    if "no identity matched" in words:
        raise BackupError(Why.KEY, key)
    if status or not whole:
        raise BackupError(Why.BROKEN, f"{key} ({last_words(words)})" if words else key)
    if known is not None and (arriving.size, arriving.hash.hexdigest()) != (
        known.size,
        known.sha256,
    ):
        raise BackupError(Why.BROKEN, key)


def _unpack(packed: IO[bytes], write: Write) -> bool:
    """Write what a gzip stream holds; tell whether it came to its end."""
    opening = zlib.decompressobj(wbits=GZIP)
    try:
        while part := packed.read(BLOCK):
            write(opening.decompress(part))
        write(opening.flush())
    except zlib.error:
        return False
    return opening.eof and not opening.unused_data
