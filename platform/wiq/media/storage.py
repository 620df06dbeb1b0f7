"""Where the files of districts are: what a folder and a bucket can both do.

No code asks for a path, because a bucket has none. Each district's files are below the name of its
schema; names are relative to the current district, or to the one that a storage is bound to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Self, cast

from django.core.files.storage import Storage, default_storage


class FilesAway(OSError):
    """The storage does not answer, or refuses us. What was asked for may be there all the same."""


@dataclass(frozen=True)
class StoredFile:
    """A file's name within its district, its size in bytes, and when it was written (Unix time)."""

    name: str
    size: int
    changed: float


@dataclass(frozen=True)
class Opened:
    """A file that is open for reading from its start; whoever reads it closes ``content``."""

    content: IO[bytes]
    size: int


class DistrictStorage(Storage):
    """Django's storage, and what the files of districts need beyond it.

    Every method may raise FilesAway. ``wiq.E005`` refuses any other storage.
    """

    def of(self, schema_name: str) -> Self:
        """Return the storage of one district, whatever schema is set when it is used."""
        raise NotImplementedError

    def read(self, name: str) -> Opened:
        """Open a file. Raises FileNotFoundError."""
        raise NotImplementedError

    def read_part(self, name: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes from ``start`` on. Raises FileNotFoundError."""
        raise NotImplementedError

    def everything(self, folder: str = "") -> Iterator[StoredFile]:
        """Yield all files of the district, or of a folder in it, in no particular order."""
        raise NotImplementedError

    def since(self, moment: float) -> Iterator[StoredFile]:
        """Yield the district's files that were written or came here since a moment (Unix time)."""
        return (file for file in self.everything() if file.changed >= moment)

    def remove_all(self, folder: str = "") -> None:
        """Delete a folder with all that is in it; without one, all files of the district."""
        raise NotImplementedError

    def last_change(self) -> float:
        """Return when the district's files last changed, in seconds since 1970; 0 without any."""
        raise NotImplementedError

    def districts(self) -> set[str]:
        """Return the schemas that have files here, with or without a district."""
        raise NotImplementedError

    def check(self) -> None:
        """Ask whether the storage answers. Raises FilesAway."""
        raise NotImplementedError


def district_files() -> DistrictStorage:
    """Return the storage of this installation (``STORAGES``)."""
    return cast(DistrictStorage, default_storage)
