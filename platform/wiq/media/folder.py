"""The files of districts in a folder of this machine: one folder for each district."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from django.conf import settings
from django_tenants.files.storage import TenantFileSystemStorage

from wiq.database import DISTRICT_SCHEMA
from wiq.media.storage import DistrictStorage, FilesAway, Opened, StoredFile


class DistrictFolder(DistrictStorage, TenantFileSystemStorage):
    """The storage without ``WIQ_MEDIA_URL``: below MEDIA_ROOT, in the folder of the schema."""

    def of(self, schema_name: str) -> Self:
        assert schema_name
        return type(self)(location=str(Path(settings.MEDIA_ROOT) / schema_name))

    def read(self, name: str) -> Opened:
        content = self.open(name, "rb")
        return Opened(content, content.size)

    def read_part(self, name: str, start: int, length: int) -> bytes:
        with self.open(name, "rb") as content:
            content.seek(start)
            part: bytes = content.read(length)
        return part

    def everything(self, folder: str = "") -> Iterator[StoredFile]:
        root = Path(self.location)
        for file in (root / folder).rglob("*"):
            try:
                found = file.stat()
            except FileNotFoundError:  # gone while one looked
                continue
            if stat.S_ISREG(found.st_mode):
                name = file.relative_to(root).as_posix()
                yield StoredFile(name, found.st_size, found.st_mtime)

    def since(self, moment: float) -> Iterator[StoredFile]:
        """Look into folders alone that something came into: most did not change for years.

        What was moved here keeps the time of its writing, so the time of its coming counts, too.
        """
        root = Path(self.location)
        folders = [root] if root.is_dir() else []
        while folders:
            folder = folders.pop()
            inside = _inside(folder)
            folders += [Path(entry) for entry in inside if entry.is_dir(follow_symlinks=False)]
            if not _came_since(folder, moment):
                continue
            for entry in inside:
                found = _came_since(entry, moment)
                if found and stat.S_ISREG(found.st_mode):
                    name = Path(entry).relative_to(root).as_posix()
                    yield StoredFile(name, found.st_size, found.st_mtime)

    def remove_all(self, folder: str = "") -> None:
        shutil.rmtree(self.path(folder), ignore_errors=True)

    def last_change(self) -> float:
        folder = Path(self.location)
        return folder.stat().st_mtime if folder.is_dir() else 0.0

    def districts(self) -> set[str]:
        root = Path(settings.MEDIA_ROOT)
        names = (folder.name for folder in (root.iterdir() if root.is_dir() else ()))
        return {name for name in names if DISTRICT_SCHEMA.fullmatch(name)}

    def check(self) -> None:
        root = Path(settings.MEDIA_ROOT)
        # The folder is made with the first file, so before that its parent counts.
        if not os.access(root if root.is_dir() else root.parent, os.W_OK | os.X_OK):
            raise FilesAway("the folder of the files can't be written")


def _inside(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as inside:
            return list(inside)
    except FileNotFoundError:  # gone while one looked
        return []


def _came_since(place: "Path | os.DirEntry[str]", moment: float) -> os.stat_result | None:
    """Return what is known of a file or folder that was written or came here since."""
    try:
        found = place.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return found if max(found.st_mtime, found.st_ctime) >= moment else None
