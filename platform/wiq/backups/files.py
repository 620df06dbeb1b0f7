"""Uploaded files in a backup: those that came since the one before, and a list of all.

They come through the storage of this installation, so a folder and a bucket are the same here.
"""

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import File

from wiq.backups.sealing import Write
from wiq.backups.trouble import BackupError, Why
from wiq.media.storage import FilesAway, StoredFile, district_files

# The last member of each archive, and what this machine remembers of the last backup.
LIST = "wiq-files.json"
# District and name → bytes, and when it was written.
Known = dict[str, list[float]]


class _Writer(io.RawIOBase):
    """What tarfile writes into."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._write(bytes(data))
        return len(data)


class Packing:
    """Packs what is not in the backup before, and knows afterwards what there was."""

    def __init__(self, before: Known | None) -> None:
        self.before = before or {}
        self.seen: Known = {}

    def feed(self, write: Write) -> None:
        """Write an archive of what is new. Raises BackupError (UPLOADS)."""
        with archive_into(write) as archive:
            for schema in sorted(district_files().districts()):
                for file in district_files().of(schema).everything():
                    name, known = f"{schema}/{file.name}", as_known(file)
                    if self.before.get(name) == known or pack(archive, schema, file):
                        self.seen[name] = known
            _add(archive, LIST, json.dumps(self.seen).encode())

    def write_list(self, folder: Path) -> None:
        (folder / LIST).write_text(json.dumps(self.seen))


@contextmanager
def archive_into(write: Write) -> Iterator[tarfile.TarFile]:
    """Open an archive that goes out as it is written. Raises BackupError (UPLOADS)."""
    with readable(), tarfile.open(
        mode="w|", fileobj=_Writer(write), format=tarfile.PAX_FORMAT
    ) as archive:  # fmt: skip
        yield archive


@contextmanager
def readable() -> Iterator[None]:
    """Tell what stands against reading uploaded files, apart from what their target refuses."""
    try:
        yield
    except BrokenPipeError:
        raise  # age ended, and says why
    except OSError as error:
        raise BackupError(Why.UPLOADS, error.strerror or str(error)) from None


def as_known(file: StoredFile) -> list[float]:
    """Return by what a file is known again."""
    return [float(file.size), file.changed]


def pack(archive: tarfile.TarFile, schema: str, file: StoredFile) -> bool:
    """Put a file into an archive; tell whether it was still there."""
    try:
        opened = district_files().of(schema).read(file.name)
    except FileNotFoundError:  # deleted meanwhile
        return False
    member = tarfile.TarInfo(f"{schema}/{file.name}")
    member.size, member.mtime = opened.size, file.changed
    with opened.content:
        archive.addfile(member, opened.content)
    # It would remember each of millions of files.
    archive.members = []  # type: ignore[attr-defined]
    return True


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def read_list(folder: Path) -> Known | None:
    """Return what this machine remembers of a backup's files; None where it remembers nothing."""
    try:
        known: Known = json.loads((folder / LIST).read_text())
    except (OSError, ValueError):
        return None
    return known


def keep_listed(folder: Path) -> int:
    """Remove from a folder what the last list of its chain does not name; return what is left."""
    names = set(json.loads((folder / LIST).read_text()))
    for file in folder.rglob("*"):
        if file.is_file() and file.relative_to(folder).as_posix() not in names:
            file.unlink()
    return len(names)


def bring_back(folder: Path) -> int:
    """Store the files of a folder again where this installation has them; return how many.

    What is there already stays. Raises FilesAway.
    """
    brought = 0
    for file in _regular(folder.rglob("*")):
        schema, _slash, name = file.relative_to(folder).as_posix().partition("/")
        storage = district_files().of(schema)
        if not storage.exists(name):
            with file.open("rb") as content:
                kept = storage.save(name, File(content))
            if kept != name:
                raise FilesAway("a file came back under another name")
            brought += 1
    return brought


def _regular(files: Iterable[Path]) -> Iterable[Path]:
    return (file for file in sorted(files) if file.is_file())
