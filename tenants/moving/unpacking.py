"""A district that arrives as a stream (tenants.moving.packing): all of it, or nothing."""

import io
import json
import re
import tarfile
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import DatabaseError, connection, models
from django_tenants.utils import schema_context, tenant_context

from tenants.districts import services as districts
from tenants.districts.models import District, Domain, Moving
from tenants.moving import rows, tables
from tenants.moving.packing import END, FILES, FORMAT, HEAD, OWN, VERSION, Watched
from tenants.provisioning import making, names
from tenants.provisioning import services as provisioning
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
_FILE = re.compile(rf"{_PART}(?:/{_PART})*")


class BrokenOff(ValueError):
    """A stream that is no whole district, or none that this version can take."""


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
        return json.loads(content.read())

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
    except (tarfile.TarError, EOFError, KeyError, TypeError, DatabaseError) as error:
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
        _bring_host(district, said, f".{own['domain']}")


def _bring_host(district: District, said: dict[str, Any], zone: str) -> None:
    """Give the district a host that it had; one of its former platform becomes one of this.

    A former short name that somebody else has here stays behind.
    """
    host = str(said["domain"])
    if host.endswith(zone):
        host = f"{host.removesuffix(zone)}.{settings.WIQ_DOMAIN}"
        if not Domain.objects.filter(domain=host).exists():
            districts.add_domain(district, host, is_primary=False)
        return
    if Domain.objects.filter(domain=host).exists():
        raise ValidationError(f"{host}: another district has this address")
    # Primary once it leads here: until then its former place is asked, which would send people to
    # and fro.
    rows.write(Domain, district, said | {"is_primary": False})


def _fill(arriving: _Arriving, district: District) -> None:
    """Write everything else that comes; the last entry says what should have come."""
    wanted: dict[str, int] = {}
    public = {model._meta.label_lower: model for model in rows.going_along()}
    with tenant_context(district):
        there = tables.tables()
    is_whole = False
    for name, content in arriving.rest():
        kind, _slash, what = name.partition("/")
        with schema_context(PUBLIC) if kind == "public" else tenant_context(district):
            if kind == "tables":
                tables.read(what, there.pop(what), iter(partial(content.read, 1 << 16), b""))
            elif kind == "sealed":
                _seal(what.removesuffix(".json"), json.loads(content.read()))
            elif kind == "public":
                for row in json.loads(content.read()):
                    rows.write(public[what.removesuffix(".json")], district, row)
            elif name == FILES:
                wanted = json.loads(content.read())
            elif kind == "files":
                _keep(what, content)
            elif name == END:
                arriving.check_end(json.loads(content.read()))
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
