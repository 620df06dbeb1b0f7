"""What the public schema holds of a district, and what becomes of it when rows come back.

Table by table in docs/decisions/0106: a district's look and texts go with its rows, its state,
hosts and keys stay as they are.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS
from django_tenants.utils import tenant_context
from psycopg.rows import dict_row

from directory.solutions.models import SolutionTeam
from tenants.catalogue.models import SharedSolution
from tenants.districts.models import District
from tenants.kit.models import Taken
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State

_POINTER = ("message_uuid", "domain", "attempts", "waiting_since")
# A contract that was signed since is signed, and what is no demo any more is none.
_AS_TODAY = ("processing_agreement_on", "is_demo")
_TAKEN = ("key", "version", "digest")


def columns() -> list[str]:
    """Return the columns of a district's row that go with its rows: what its file holds."""
    return [name for name in District.Data.in_file.split() if name not in _AS_TODAY]


def of_backup(source: "psycopg.Connection[Any]", schema_name: str) -> dict[str, Any]:
    """Return what the public schema of a backup says of a district, as JSON can hold it."""
    with source.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "SELECT * FROM public.districts_district WHERE schema_name = %s", [schema_name]
        )
        found = cursor.fetchone()
        if found is None:
            return {}
        row = District.from_db(DEFAULT_DB_ALIAS, *_known(found))
        cursor.execute(
            "SELECT key, version, digest FROM public.kit_taken WHERE district_id = %s ORDER BY key",
            [found["id"]],
        )
        return {"row": _values(row), "taken": cursor.fetchall()}


def _known(found: dict[str, Any]) -> tuple[list[str], list[Any]]:
    fields = [field for field in District._meta.concrete_fields if field.column in found]
    return [field.attname for field in fields], [found[field.column] for field in fields]


def _values(row: District) -> dict[str, str | None]:
    fields = [District._meta.get_field(name) for name in columns()]
    return {
        field.name: None if field.value_from_object(row) is None else field.value_to_string(row)
        for field in fields
    }


def of_today(district: District) -> dict[str, Any]:
    """Return the same of the district as it is now."""
    row = District.objects.get(pk=district.pk)
    taken = Taken.objects.filter(district_id=district.pk).order_by("key")
    return {"row": _values(row), "taken": list(taken.values(*_TAKEN))}


def changed(district: District, found: dict[str, Any]) -> list[str]:
    """Return in which words a district's own row would change."""
    now = of_today(district)["row"]
    row = found.get("row", {})
    return [
        str(District._meta.get_field(name).verbose_name) for name in row if row[name] != now[name]
    ]


def put(district: District, found: dict[str, Any]) -> None:
    """Write a district's row and what it took of the kit, as ``found``, and what waits for it."""
    row = found.get("row")
    if row:
        for name, value in row.items():
            setattr(district, name, District._meta.get_field(name).to_python(value))
        district.save(update_fields=list(row))
        Taken.objects.filter(district_id=district.pk).delete()
        Taken.objects.bulk_create(
            Taken(district_id=district.pk, **one) for one in found.get("taken", [])
        )
    there = {str(uuid) for uuid in Pointer.objects.values_list("message_uuid", flat=True)}
    Pointer.objects.bulk_create(
        Pointer(
            district_id=district.pk, owner=district.schema_name, message_uuid=one["message_uuid"],
            domain=one["domain"], attempts=one["attempts"],
            waiting_since=one["waiting_since"],
        )
        for one in found.get("pointers", [])
        if one["message_uuid"] not in there
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a restored schema has that rows of the public one name."""

    mails: set[UUID]
    slugs: set[str]


def known_in(restored: District) -> Known:
    """Read it, before the transaction that swaps."""
    with tenant_context(restored):
        return Known(
            set(Message.objects.values_list("uuid", flat=True)),
            set(SolutionTeam.objects.values_list("slug", flat=True)),
        )


def without_mail(district: District, known: Known) -> list[dict[str, Any]]:
    """Delete the pointers to mails that the restored schema lacks; return those that waited."""
    own = Pointer.objects.filter(district_id=district.pk)
    lost = [uuid for uuid in own.values_list("message_uuid", flat=True) if uuid not in known.mails]
    waiting = own.filter(message_uuid__in=lost, state=State.PENDING).values(*_POINTER)
    encoder = DjangoJSONEncoder()
    kept = [{name: _plain(encoder, value) for name, value in row.items()} for row in waiting]
    own.filter(message_uuid__in=lost).delete()
    return kept


def _plain(encoder: DjangoJSONEncoder, value: Any) -> Any:
    return value if isinstance(value, str | int) else encoder.default(value)


def unshare_the_gone(district: District, known: Known) -> None:
    """Take out of the catalogue what the restored schema has no solution team for."""
    shared = SharedSolution.objects.filter(district_id=district.pk)
    shared.exclude(slug__in=known.slugs).delete()
