"""Writing a district into a file: the same district gives the same bytes."""

import hashlib
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from typing import IO, Any
from uuid import UUID

from django.db import connection as database
from django.db import models, transaction
from django_tenants.utils import schema_context, tenant_context
from psycopg import IsolationLevel

from tenants.districts.models import District
from tenants.kit.models import Taken
from tenants.transfer import file_format
from tenants.transfer.file_format import Contents
from wiq.actors import name_of
from wiq.audit import services as audit
from wiq.declared import data_of
from wiq.erasures import services as erasures
from wiq.media.storage import district_files
from wiq.media.waiting import check_all_drawn
from wiq.tenancy import PUBLIC

Say = Callable[[str], None]
# The date of every entry, so that the same content gives the same file.
_TIME = (1980, 1, 1, 0, 0, 0)


def export_district(
    district: District,
    target: IO[bytes],
    *,
    contents: Contents = Contents(),  # noqa: B008 (frozen)
    actor: Any,
    reason: str = "",
    say: Say = lambda line: None,
) -> None:
    """Write a district into an open file as ZIP, and record who did it in both logs.

    ``reason`` is why the project team takes it with its personal data: that of its visit. Raises
    ValidationError while a picture is still to be drawn.
    """
    listed: dict[str, str] = {}
    noted = vars(contents) | ({"reason": reason} if reason else {})
    who = audit.for_platform(actor)
    with one_snapshot(), tenant_context(district):
        check_all_drawn()
        audit.record_event("district.exported", None, actor=name_of(actor), details=noted)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, chunks in _parts(district, contents):
                listed[name] = _write(packed, name, chunks)
                say(f"{name}: written")
            manifest = {
                "format": file_format.FORMAT, "version": file_format.VERSION, "slug": district.slug,
                "personal_data": contents.personal_data, "secrets": contents.secrets,
                "files": listed,
            }  # fmt: skip
            _write(packed, file_format.MANIFEST, [_json(manifest, indent=2)])
    with schema_context(PUBLIC):
        audit.record_event("district.exported", district, actor=who, details=noted)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read the whole district as it is at one moment, in spite of concurrent writes.

    REPEATABLE READ (PostgreSQL docs, 13.2.2); inside an open transaction, its own level.
    """
    if database.in_atomic_block:
        yield
        return
    database.ensure_connection()
    raw: Any = database.connection
    before, raw.isolation_level = raw.isolation_level, IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            yield
    finally:
        raw.isolation_level = before


def _write(packed: zipfile.ZipFile, name: str, chunks: Any) -> str:
    info = zipfile.ZipInfo(name, _TIME)
    # Pictures and films are packed already. One that waits may be padded, and a file that unfolds
    # to two hundred times its size would be taken for a bomb when it comes back.
    is_packed = name.startswith("files/")
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest = hashlib.sha256()
    with packed.open(info, "w") as entry:
        for chunk in chunks:
            digest.update(chunk)
            entry.write(chunk)
    return digest.hexdigest()


def _parts(district: District, contents: Contents) -> Iterator[tuple[str, Any]]:
    yield file_format.DISTRICT, [_json(_of_district(district, contents), indent=2)]
    for model in file_format.models_inside():
        if contents.has(model):
            yield f"rows/{model._meta.label_lower}.jsonl", _rows(model, contents)
    for stored in sorted(file.name for file in district_files().everything()):
        name = f"files/{stored}"
        if not file_format.file_name().fullmatch(name):
            continue
        if contents.personal_data or not file_format.is_personal_file(name):
            yield name, _chunks(stored)


def _chunks(stored: str) -> Iterator[bytes]:
    with closing(district_files().read(stored).content) as content:
        while chunk := content.read(1 << 16):
            yield chunk


def _of_district(district: District, contents: Contents) -> dict[str, Any]:
    """Return a district's data in the public schema."""
    found: dict[str, Any] = {"slug": district.slug}
    found |= {name: plain(getattr(district, name)) for name in file_format.district_fields()}
    if contents.secrets:
        found |= {name: plain(getattr(district, name)) for name in file_format.district_secrets()}
        # In the clear: where it goes, another SECRET_KEY encrypts it.
        found["link_key"] = (district.known_key() or b"").hex()
    if contents.personal_data:
        # Whoever has an older file of this district still learns what was erased since.
        found["erasure_key"] = erasures.key_of(district).hex()
        # Mails that wait for an answer name these (directory.conversations.addresses).
        found["reply_numbers"] = [district.pk, *district.reply_numbers]
    operator = district.operator
    if operator is not None:
        hidden = () if contents.personal_data else file_format.operator_personal()
        found["operator"] = {
            name: getattr(operator, name)
            for name in file_format.operator_fields()
            if name not in hidden
        }
    with schema_context(PUBLIC):
        taken = Taken.objects.filter(district_id=district.pk).order_by("key")
        found["kit"] = list(taken.values("key", "version", "digest"))
    return found


def _rows(model: type[models.Model], contents: Contents) -> Iterator[bytes]:
    rows = model._default_manager.filter(**data_of(model).only).order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield _json(as_data(row, contents)) + b"\n"


def as_data(row: models.Model, contents: Contents) -> dict[str, Any]:
    """Return a row for JSON: every column under its own name."""
    declared = data_of(type(row))
    found: dict[str, Any] = {}
    for field in file_format.fields_inside(type(row)):
        if field.name in declared.secrets and not contents.secrets:
            continue
        value = plain(getattr(row, field.attname))
        if field.name in declared.personal and not contents.personal_data:
            instead = declared.personal[field.name]
            value = instead.get(value, value) if isinstance(instead, dict) else instead
        found[field.attname] = value
    return found


def plain(value: Any) -> Any:
    """Return a value for JSON, without losing anything."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()  # as BinaryField reads it
    return value


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent).encode()
