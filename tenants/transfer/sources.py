"""Reading a district's file, packed or as a folder, without trusting any of it."""

import hashlib
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from tenants.transfer import file_format
from tenants.transfer.file_format import FileError

# What Python's module says of ZIP files that are none, or are broken in one of their many places.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, KeyError, ValueError, NotImplementedError, RuntimeError),
)


class Source(Protocol):
    """A packed or unpacked district."""

    def names(self) -> list[str]:
        """Return the names of everything in it."""

    def open(self, name: str) -> IO[bytes]:
        """Open one entry for reading."""

    def close(self) -> None:
        """Close it."""


def _is_of_the_system(name: str) -> bool:
    """Tell whether Windows or macOS added an entry when somebody zipped the file again."""
    return (
        name.endswith("/")
        or name.startswith("__MACOSX/")
        or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db", "desktop.ini")
    )


def _without_folder(names: list[str]) -> str:
    """Return the folder that everything lies in, if the folder itself was zipped; else nothing."""
    at = next((name for name in names if name.endswith(f"/{file_format.MANIFEST}")), "")
    folder = at.removesuffix(file_format.MANIFEST)
    inside = folder.count("/") == 1 and all(name.startswith(folder) for name in names)
    return folder if inside and file_format.MANIFEST not in names else ""


def _check_name(name: str) -> None:
    parts = name.split("/")
    bad = name.startswith("/") or "\\" in name or ":" in name or "\x00" in name
    if bad or any(part in ("", ".", "..") for part in parts):
        raise FileError(f"{name!r}: leads out of the file")


class Packed:
    """A ZIP file."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises FileError if the ZIP is damaged or exceeds a limit."""
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGED as error:
            raise FileError(f"{path.name}: no whole ZIP file ({error})") from None
        infos = self._zip.infolist()
        try:
            self._check_size(infos, path)
            self._infos = self._named(infos, path)
        except FileError:
            self._zip.close()
            raise

    @staticmethod
    def _named(infos: list[zipfile.ZipInfo], path: Path) -> dict[str, zipfile.ZipInfo]:
        """Return the entries by their names, however they were zipped."""
        # Windows' own tool once wrote backslashes (against APPNOTE.TXT, 4.4.17.1).
        named = [(info.filename.replace("\\", "/"), info) for info in infos]
        ours = [(name, info) for name, info in named if not _is_of_the_system(name)]
        folder = _without_folder([name for name, _info in ours])
        found = {name.removeprefix(folder): info for name, info in ours}
        if len(found) != len(ours):
            raise FileError(f"{path.name}: the same name twice")
        for name in found:
            _check_name(name)
        return found

    @staticmethod
    def _check_size(infos: list[zipfile.ZipInfo], path: Path) -> None:
        if len(infos) > file_format.ENTRIES_MAX:
            raise FileError(f"{path.name}: more than {file_format.ENTRIES_MAX} files in it")
        for info in infos:
            if info.flag_bits & 1:
                raise FileError(f"{info.filename}: encrypted")
            if info.file_size > file_format.FILE_BYTES_MAX:
                raise FileError(f"{info.filename}: larger than {file_format.FILE_BYTES_MAX} bytes")
        unpacked = sum(info.file_size for info in infos)
        if unpacked > file_format.BYTES_MAX or unpacked > file_format.RATIO_MAX * max(
            path.stat().st_size, 5000
        ):
            raise FileError(f"{path.name}: unfolds to {unpacked} bytes; that is a bomb")

    def names(self) -> list[str]:
        return list(self._infos)

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._infos[name])

    def close(self) -> None:
        self._zip.close()


class Folder:
    """An unpacked folder, which people may edit, so checksums may be missing."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        if not self.path.is_dir():
            raise FileError(f"{path}: neither a ZIP file nor a folder")

    def names(self) -> list[str]:
        found = []
        for file in sorted(self.path.rglob("*")):
            name = file.relative_to(self.path).as_posix()
            if file.is_symlink() or not file.resolve().is_relative_to(self.path):
                raise FileError(f"{name!r}: leads out of the folder")
            if file.is_file():
                if file.stat().st_size > file_format.FILE_BYTES_MAX:
                    raise FileError(f"{name}: larger than {file_format.FILE_BYTES_MAX} bytes")
                found.append(name)
        return found

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")

    def close(self) -> None:
        pass


class DistrictFile:
    """A district's file whose manifest, names and checksums have been checked."""

    def __init__(self, path: Path) -> None:
        """Open and check it. Raises FileError with a clear message in one line."""
        self.source: Source = Packed(path) if path.is_file() else Folder(path)
        try:
            self._names = set(self.source.names())
            self.manifest = self._object(file_format.MANIFEST)
            self._check_version()
            self._check_names()
            self.digest = self._check_files()
            self.district = self._object(file_format.DISTRICT)
        except FileError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.source.close()

    def _check_version(self) -> None:
        if self.manifest.get("format") != file_format.FORMAT:
            raise FileError(f"{file_format.MANIFEST}: this is no {file_format.FORMAT}")
        version = self.manifest.get("version")
        if version not in file_format.READABLE:
            newer = isinstance(version, int) and version > file_format.VERSION
            hint = "it comes from a newer platform" if newer else "it is unknown here"
            raise FileError(
                f"{file_format.MANIFEST}: version {version}; {hint}, this one reads {file_format.VERSION}"
            )

    def _check_names(self) -> None:
        for name in self._names - {file_format.MANIFEST, file_format.DISTRICT}:
            if not file_format.ROWS_NAME.fullmatch(name) and not file_format.file_name().fullmatch(
                name
            ):
                raise FileError(f"{name!r}: does not belong into such a file")

    def _check_files(self) -> str:
        """Compare the entries with the manifest; return the digest of the whole file."""
        listed = self.manifest.get("files")
        if listed is None and isinstance(self.source, Folder):
            listed = dict.fromkeys(self._names - {file_format.MANIFEST})
        if not isinstance(listed, dict):
            raise FileError(f"{file_format.MANIFEST}: the list of files is missing")
        there = self._names - {file_format.MANIFEST}
        for name in sorted(set(listed) - there):
            raise FileError(f"{name}: in the list, but missing in the file")
        for name in sorted(there - set(listed)):
            raise FileError(f"{name}: in the file, but not in the list")
        whole = hashlib.sha256()
        for name in sorted(listed):
            digest = self._digest(name)
            if listed[name] is not None and listed[name] != digest:
                raise FileError(f"{name}: checksum is wrong, the file was changed or damaged")
            whole.update(f"{name} {digest}\n".encode())
        return whole.hexdigest()

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        return digest.hexdigest()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of one file in chunks, never more than the limit."""
        read = 0
        try:
            with self.source.open(name) as file:
                while chunk := file.read(1 << 16):
                    read += len(chunk)
                    if read > file_format.FILE_BYTES_MAX:
                        raise FileError(f"{name}: larger than {file_format.FILE_BYTES_MAX} bytes")
                    yield chunk
        except DAMAGED as error:
            raise FileError(f"{name}: can't be read ({error})") from None

    def rows(self, label: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the rows of a model, each with its place for error messages."""
        name = f"rows/{label}.jsonl"
        if name not in self._names:
            return
        text = self._text(name)
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                place = f"{name}, line {number}"
                yield place, _object(line, place)

    def labels(self) -> list[str]:
        """Return the models that have rows in the file."""
        found = (file_format.ROWS_NAME.fullmatch(name) for name in self._names)
        return sorted(match[1] for match in found if match)

    def files(self) -> list[str]:
        """Return the names of the stored files, as in the storage."""
        found = (file_format.file_name().fullmatch(name) for name in self._names)
        return sorted(match[1] for match in found if match)

    def _text(self, name: str) -> str:
        try:
            # Editors of Windows put a mark in front (BOM).
            return b"".join(self.chunks(name)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileError(f"{name}: not UTF-8 (byte {error.start})") from None

    def _object(self, name: str) -> dict[str, Any]:
        if name not in self._names:
            raise FileError(f"{name}: missing")
        return _object(self._text(name), name)


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{place}: not JSON: {error}") from None
    if not isinstance(value, dict):
        raise FileError(f"{place}: not a JSON object")
    return value
