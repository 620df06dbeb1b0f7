"""What a restored schema has that today's has not, and the other way round, in words."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.declared import Leaves, data_of
from wiq.returning import as_today, emptied

# So many are named; the others are counted.
NAMED = 20


@dataclass(frozen=True)
class Difference:
    """The rows of one kind that come back, are lost, or differ: numbers, and names of some."""

    label: str
    back: int
    lost: int
    differ: int
    back_names: list[str]
    lost_names: list[str]
    differ_names: list[str]


Digests = dict[str, dict[Any, str]]


def compared() -> "list[type[models.Model]]":
    """Return the models that are looked at: what comes from the backup and is more than a key."""
    skipped = {*as_today, *emptied, "erasures.erasure", "mail.message"}
    return [
        model
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models()
        if model._meta.label_lower not in skipped and data_of(model).leaves is not Leaves.NEVER
    ]


def digests() -> Digests:
    """Return a digest of each row of the current schema, by model and key."""
    found: Digests = {}
    with connection.cursor() as cursor:
        for model in compared():
            table, key = (
                connection.ops.quote_name(name)
                for name in (model._meta.db_table, str(model._meta.pk.column))
            )
            cursor.execute(
                f"SELECT {key}, sha256(convert_to(t::text, 'UTF8'))::text FROM {table} t"  # noqa: S608
            )
            found[model._meta.label_lower] = dict(cursor.fetchall())
    return found


def compare(today: District, restored: District) -> list[dict[str, Any]]:
    """Compare two schemas; return what differs, for ``Beside.comparison``."""
    with tenant_context(today):
        now = digests()
    with tenant_context(restored):
        then = digests()
    found = [_difference(label, now[label], then[label], today, restored) for label in now]
    return [asdict(one) for one in found if one.back or one.lost or one.differ]


def _difference(
    label: str, now: dict[Any, str], then: dict[Any, str], today: District, restored: District
) -> Difference:
    back, lost = then.keys() - now.keys(), now.keys() - then.keys()
    differ = {key for key in now.keys() & then.keys() if now[key] != then[key]}
    return Difference(
        label, len(back), len(lost), len(differ),
        _names(label, back, restored), _names(label, lost, today), _names(label, differ, today),
    )  # fmt: skip


def _names(label: str, keys: set[Any], district: District) -> list[str]:
    """Return what rows are called; of what is personal, only their numbers."""
    model = apps.get_model(label)
    first = sorted(keys)[:NAMED]
    if data_of(model).leaves is not Leaves.ALWAYS:
        return [str(key) for key in first]
    with tenant_context(district):
        return [str(row) for row in model._default_manager.filter(pk__in=first).order_by("pk")]


def sentences(comparison: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the comparison in words, a line for each kind and way."""
    says: tuple[tuple[str, Callable[[], str]], ...] = (
        ("back", lambda: _("Kommt zurück")),
        ("lost", lambda: _("Geht verloren")),
        ("differ", lambda: _("Wird wieder wie damals")),
    )
    for way, word in says:
        for one in comparison:
            if one[way]:
                options = apps.get_model(one["label"])._meta
                kind = options.verbose_name if one[way] == 1 else options.verbose_name_plural
                names = _listed(one, way)
                yield f"{word()}: {one[way]} {kind} ({names})"
    if not comparison:
        yield _("Es gibt keinen Unterschied.")


def _listed(one: dict[str, Any], way: str) -> str:
    names = one[f"{way}_names"]
    is_open = data_of(apps.get_model(one["label"])).leaves is Leaves.ALWAYS
    text = ", ".join(names) if is_open else _("Nummer %s") % ", ".join(names)
    return f"{text}, …" if one[way] > len(names) else text
