"""A district that arrives as a stream (tenants.moving.packing): all of it, or nothing."""

import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import DatabaseError, connection, models
from django_tenants.utils import schema_context, tenant_context

from tenants.districts import domains
from tenants.districts import services as districts
from tenants.districts.models import District, Domain, MovedHost, Moving
from tenants.moving import rows, tables
from tenants.moving.packing import END, FILES, FORMAT, HEAD, OWN, VERSION, Watched
from tenants.provisioning import making, names
from tenants.provisioning import services as provisioning
from tenants.transfer.file_format import FileError
from tenants.transfer.services import known_operator
from wiq import sealed
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.erasures import replaying
from wiq.erasures import services as erasures
from wiq.erasures.models import Erasure
from wiq.media.storage import district_files
from wiq.tenancy import PUBLIC

_PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*"
# What JSON may take; rows of the district itself are never held in memory.
MOST_IN_MEMORY = 50_000_000
_FILE = re.compile(rf"{_PART}(?:/{_PART})*")

# What reading raises where something else stands than a district's place writes.
_NO_DISTRICT = (
    *(tarfile.TarError, EOFError, FileError, zlib.error),
    *(AttributeError, LookupError, RecursionError, StopIteration, TypeError, ValueError),
)


class BrokenOff(ValueError):
    """A stream that is no whole district, or none that this version can take."""


class Bounded(io.RawIOBase):
    """A stream of which no more than ``most`` bytes are read. Raises BrokenOff for a longer one."""

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._left = source, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part: bytes = self._source.read(size if size >= 0 else self._left + 1)
        self._left -= len(part)
        if self._left < 0:
            raise BrokenOff("more rows than one district may bring")
        return part


class _Arriving:
    """A tar that is read from a stream, entry by entry, in the order in which it was written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._seen: dict[str, Watched] = {}

    def json(self, name: str) -> Any:
        """Return what the next entry says. Raises BrokenOff if it is another one."""
        found, content = self._next()
        if found != name:
            raise BrokenOff(f"{found or 'the end'} where {name} should stand")
        return _json(content)

    def rest(self) -> Iterator[tuple[str, Watched]]:
        """Yield what is still to come; an entry has to be read before the next is asked for."""
        while (entry := self._next())[0]:
            yield entry

    def _next(self) -> tuple[str, Watched]:
        entry = self._tar.next()
        if entry is None:
            return "", Watched(io.BytesIO())
        content = self._tar.extractfile(entry)
        if content is None or entry.name in self._seen:
            raise BrokenOff(f"{entry.name!r}: no file, or twice the same")
        self._seen[entry.name] = Watched(content)
        return entry.name, self._seen[entry.name]

    def check_end(self, said: dict[str, str]) -> None:
        """Compare what was read with what was written. Raises BrokenOff."""
        seen = {name: one.digest.hexdigest() for name, one in self._seen.items() if name != END}
        if said != seen:
            raise BrokenOff("what came is not what was sent")


def _json(content: Watched) -> Any:
    """Read an entry that is held in memory whole. Raises BrokenOff for a longer one."""
    said = content.read(MOST_IN_MEMORY)
    if content.read(1):
        raise BrokenOff("an entry is too long")
    return json.loads(said)


def unpack(
    source: IO[bytes], *, actor: Actor, slug: str = "", schema_name: str = ""
) -> tuple[District, dict[str, Any]]:
    """Make the district in a stream, with a new number and a new schema; nobody reaches it yet.

    ``slug`` replaces its short name; ``schema_name`` is the one under which files of it came
    before. Returns the district and what its former place says of it (``rows.own``). Until
    ``moves.settle`` it is no host's, and its mails wait.

    Raises BrokenOff, ValidationError for a name that is taken, and FilesAway; then nothing is left.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            return _unpacked(_Arriving(tar), actor, slug, schema_name)
    except (BrokenOff, ValidationError):
        raise
    except (*_NO_DISTRICT, DatabaseError) as error:
        raise BrokenOff(str(error).partition("\n")[0]) from error


def _unpacked(
    arriving: _Arriving, actor: Actor, slug: str, schema_name: str
) -> tuple[District, dict[str, Any]]:
    head, own = arriving.json(HEAD), arriving.json(OWN)
    _check_version(head)
    with making.whole(partial(_row, own, slug, schema_name), actor=actor) as district:
        with schema_context(PUBLIC):
            _belong(district, own)
        with tenant_context(district):
            if tables.shape() != head["shape"]:
                raise BrokenOff("its tables are those of another version; update both sides")
        _fill(arriving, district)
        with tenant_context(district):
            tables.count_on(head["counters"])
            _check_links()
            _remember_erasures()
            audit.record_change("district.moved_in", None, actor=actor)
    return district, own


def _check_version(head: dict[str, Any]) -> None:
    if (head["format"], head["version"]) != (FORMAT, VERSION):
        raise BrokenOff("another format; update both sides")


def _row(own: dict[str, Any], slug: str, schema_name: str) -> District:
    """Write the district's own row, with its keys sealed anew."""
    slug = slug or str(own["slug"])
    names.check_slug(slug, key_name=rows.key_name(own))
    given = {
        name: District._meta.get_field(name).to_python(own["row"][name])
        for name in rows.columns_of_its_own()
    }
    district = provisioning.new_row(
        slug=slug, schema_name=schema_name, key=bytes.fromhex(own["link_key"]),
        moving=Moving.ARRIVING, erasure_key=rows.locked(own["erasure_key"]), reply_numbers=own["reply_numbers"], **given,
    )  # fmt: skip
    # Django writes the moment of making itself.
    District.objects.filter(pk=district.pk).update(created_at=given["created_at"])
    district.created_at = given["created_at"]
    return district


def _belong(district: District, own: dict[str, Any]) -> None:
    if own["operator"]:
        district.operator = known_operator(own["operator"])
        district.save(update_fields=["operator"])
    for said in own["hosts"]:
        _bring_host(district, said, f".{own['domain']}", rows.key_name(own))


def _bring_host(district: District, said: dict[str, Any], zone: str, key_name: str) -> None:
    """Give the district a host that it had; one of its former platform becomes one of this.

    It says of itself what it is called, but this platform, whose names go by its own rules. A
    former short name that somebody else has here stays behind. Raises ValidationError for a domain
    of its own that is none.
    """
    host = str(said["domain"])
    if host.endswith(zone):
        slug = host.removesuffix(zone)
        if slug != district.slug and _is_free(slug, key_name):
            ours = f"{slug}.{settings.WIQ_DOMAIN}"
            districts.add_domain(district, ours, is_primary=False)
        return
    host = domains.in_ascii(host)
    others = MovedHost.objects.filter(host=host).exclude(key_name=key_name)
    if Domain.objects.filter(domain=host).exists() or others.exists():
        raise ValidationError(f"{host}: another district has this address")
    # Primary once it leads here: until then its former place is asked, which would send people to
    # and fro.
    rows.write(Domain, district, said | {"domain": host, "is_primary": False})


def _is_free(slug: str, key_name: str) -> bool:
    """Tell whether a former short name can be had here, as a new district's could."""
    try:
        names.check_slug(slug, key_name=key_name)
    except ValidationError:
        return False
    return not Domain.objects.filter(domain=f"{slug}.{settings.WIQ_DOMAIN}").exists()


def _fill(arriving: _Arriving, district: District) -> None:
    """Write everything else that comes; the last entry says what should have come."""
    wanted: dict[str, int] = {}
    public = {model._meta.label_lower: model for model in rows.going_along()}
    with tenant_context(district):
        there = tables.tables()
    is_whole = False
    for name, content in arriving.rest():
        if is_whole:
            raise BrokenOff(f"{name}: after the end")
        kind, _slash, what = name.partition("/")
        with schema_context(PUBLIC) if kind == "public" else tenant_context(district):
            if kind == "tables":
                tables.read(what, there.pop(what), iter(partial(content.read, 1 << 16), b""))
            elif kind == "sealed":
                _seal(what.removesuffix(".json"), _json(content))
            elif kind == "public":
                for row in _json(content):
                    rows.write(public[what.removesuffix(".json")], district, row)
            elif name == FILES:
                wanted = _json(content)
            elif kind == "files":
                _keep(what, content)
            elif name == END:
                arriving.check_end(_json(content))
                is_whole = True
            else:
                raise BrokenOff(f"{name}: unknown")
    if not is_whole or there:
        raise BrokenOff("it ends too early")
    _check_files(district, wanted)


def _check_files(district: District, wanted: dict[str, int]) -> None:
    """Compare the files that came, now or before, with those that the district has."""
    files = district_files().of(district.schema_name)
    for file in list(files.everything()):
        if file.name not in wanted:
            files.delete(file.name)
        elif file.size != wanted.pop(file.name):
            raise BrokenOff(f"{file.name}: another length")
    if wanted:
        raise BrokenOff(f"{min(wanted)} did not come")


def _seal(label: str, given: list[list[Any]]) -> None:
    """Seal with this installation's key what came in the clear; what did not come is worthless."""
    column = next(one for one in sealed.columns if one.model._meta.label_lower == label)
    model: type[models.Model] = column.model
    values = {str(key): value for key, value in given}
    for row in model._default_manager.all():
        if str(row.pk) not in values:
            row.delete()
            continue
        setattr(row, column.column, column.sealed(row, values.pop(str(row.pk))))
        row.save(update_fields=[column.column])
    if values:
        raise BrokenOff(f"{label}: {len(values)} rows did not come")


def check_name(name: str) -> None:
    """Raise BrokenOff for what is no name of a district's file: it could lie elsewhere."""
    if not _FILE.fullmatch(name):
        raise BrokenOff(f"{name!r}: no name of a district's file")


def _keep(name: str, content: Any) -> None:
    check_name(name)
    if district_files().save(name, File(content, name=name)) != name:
        raise BrokenOff(f"{name}: came twice")


def _check_links() -> None:
    """Look at once whether all rows find those that they name."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _remember_erasures() -> None:
    """Erase again what this place's ledger knows of, and write into it what the district brings."""
    replaying.adopt()
    Erasure.objects.update(written_at=None)
    erasures.write_after_commit()
