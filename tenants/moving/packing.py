"""A whole district as one stream, for the installation that takes it over.

Not the file that people take along (tenants.transfer): this holds everything that lets people go on
as if nothing had happened, sessions, seeds and waiting mails included, in the clear. It is sent to
one installation and never kept (docs/decisions/0110-district-to-another-server.md).
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django_tenants.utils import schema_context, tenant_context

from tenants.districts.models import District
from tenants.moving import rows, tables
from tenants.transfer.exporting import one_snapshot, plain
from wiq import sealed
from wiq.media.storage import district_files
from wiq.sealed import WorthNothing
from wiq.tenancy import PUBLIC

FORMAT = "wiq-move"
VERSION = 1
HEAD, OWN, FILES, END = "head.json", "district.json", "files.json", "end.json"
# What is larger waits on the disk until its length is known, which a tar has to say first.
_IN_MEMORY = 16 << 20


class _Packed:
    """A tar that is written to a stream, with a digest of each entry for the last one."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._digests: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        watched = Watched(content)
        self._tar.addfile(entry, watched)
        self._digests[name] = watched.digest.hexdigest()

    def add_json(self, name: str, value: Any) -> None:
        content = json.dumps(value, ensure_ascii=False).encode()
        self.add(name, io.BytesIO(content), len(content))

    def end(self) -> None:
        self.add_json(END, self._digests)


class Watched(io.RawIOBase):
    """A file that is read once, and the digest of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._content.read(size)
        self.digest.update(part)
        return part


def pack(district: District, target: IO[bytes], *, there: Mapping[str, int]) -> None:
    """Write a whole district to an open stream, its rows as they are at one moment.

    ``there``: names and sizes of the files that the other side has already. Nobody may write into
    the district or send its mails from then on, or the new place lacks what was written and sends
    again what was sent: that is for the caller to see to. Raises FilesAway.
    """
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        packed = _Packed(tar)
        with one_snapshot():
            _pack_rows(packed, district)
        files = district_files().of(district.schema_name)
        found = {file.name: file.size for file in files.everything()}
        packed.add_json(FILES, found)
        for name in sorted(name for name, size in found.items() if there.get(name) != size):
            opened = files.read(name)
            with opened.content as content:
                packed.add(f"files/{name}", content, opened.size)
        packed.end()


def _pack_rows(packed: _Packed, district: District) -> None:
    with schema_context(PUBLIC):
        own = rows.own(district)
    with tenant_context(district):
        there = tables.tables()
        packed.add_json(HEAD, {
            "format": FORMAT, "version": VERSION, "slug": district.slug,
            "shape": tables.shape(), "counters": tables.counters(),
        })  # fmt: skip
        packed.add_json(OWN, own)
        for table, columns in there.items():
            _pack_table(packed, table, columns)
        _pack_sealed(packed)
    with schema_context(PUBLIC):
        for model in rows.going_along():
            along = list(rows.of_district(model, district))
            packed.add_json(f"public/{model._meta.label_lower}.json", along)


def _pack_table(packed: _Packed, table: str, columns: list[str]) -> None:
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        tables.written(table, columns, kept)
        size = kept.tell()
        kept.seek(0)
        packed.add(f"tables/{table}", kept, size)


def _pack_sealed(packed: _Packed) -> None:
    """Write what only this installation can read, in the clear."""
    for column in sealed.columns:
        opened: list[list[Any]] = []
        for row in column.model._default_manager.order_by("pk"):
            try:
                opened.append([plain(row.pk), column.opened(row)])
            except WorthNothing:
                continue
        packed.add_json(f"sealed/{column.model._meta.label_lower}.json", opened)
