"""Rows of several tables in one statement: for pages that ask many rooms one small question each.

Each question is a queryset of its own, and the database answers all of them at once, each with the
first few rows and how many there are (docs/decisions/0084-piles-in-one-statement.md).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

SEPARATOR = "__"


@dataclass(frozen=True)
class Wanted:
    """A question: rows, the columns that are needed of them, and how many rows at the most.

    ``fields`` may name annotations and columns of a row that a foreign key points to
    (``team__name``). With ``most`` None all rows come. Nobody counts farther than ``counted``.
    """

    rows: models.QuerySet[Any]
    fields: Sequence[str]
    most: int | None = None
    counted: int | None = None


@dataclass(frozen=True)
class Found:
    """The answer: the first rows, as instances, and how many there are in all."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the names of all columns of a model but those that the database computes."""
    return [each.attname for each in model._meta.concrete_fields if not each.generated]


def read_together(wanted: Sequence[Wanted]) -> list[Found]:
    """Return the answers in the order of the questions, from a single statement.

    All tables have to be of the same schema. Fields that no question named are read one by one
    when they are touched, as after ``QuerySet.only``.
    """
    parts, values = [], []
    for number, each in enumerate(wanted):
        try:
            text, more = _part(number, each)
        except EmptyResultSet:
            continue
        parts.append(text)
        values += more
    found = [Found() for _each in wanted]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for number, rows, count in cursor.fetchall():
                made = [_instance(wanted[number].rows.model, row) for row in json.loads(rows)]
                found[number] = Found(made, count)
    return found


def _part(number: int, wanted: Wanted) -> tuple[str, list[Any]]:
    key = wanted.rows.model._meta.pk.attname
    related = {name.rpartition(SEPARATOR)[0] for name in wanted.fields if SEPARATOR in name}
    names = {key, *wanted.fields, *(_key_of(wanted.rows.model, path) for path in related)}
    rows = wanted.rows.values(*sorted(names))[: wanted.most]
    text, values = rows.query.sql_with_params()
    keys = wanted.rows.order_by().values(key)[: wanted.counted]
    counted, more = keys.query.sql_with_params()
    # Only what Django has written itself stands in the text; values come beside it.
    return (
        f"SELECT {number}, (SELECT coalesce(json_agg(row_to_json(r)), '[]')::text FROM ({text}) r),"  # noqa: S608
        f" (SELECT count(*) FROM ({counted}) c)",
        [*values, *more],
    )


def _key_of(model: type[models.Model], path: str) -> str:
    for name in path.split(SEPARATOR):
        model = _related(model, name)
    return f"{path}{SEPARATOR}{model._meta.pk.attname}"


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    field_of: Any = model._meta.get_field(name)
    found: type[models.Model] = field_of.related_model
    return found


def _instance(model: type[models.Model], row: dict[str, Any]) -> Any:
    """Return a row as an instance; None where a foreign key points nowhere."""
    own: dict[str, Any] = {}
    others: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in row.items():
        first, _separator, rest = name.partition(SEPARATOR)
        if rest:
            others[first][rest] = value
        else:
            own[name] = value
    if own[model._meta.pk.attname] is None:
        return None
    columns = [each for each in model._meta.concrete_fields if each.attname in own]
    made = model.from_db(
        connection.alias,
        [each.attname for each in columns],
        [each.to_python(own.pop(each.attname)) for each in columns],
    )
    for name, value in _rest(model, own, others):
        setattr(made, name, value)
    return made


def _rest(
    model: type[models.Model], annotations: dict[str, Any], others: dict[str, dict[str, Any]]
) -> Iterable[tuple[str, Any]]:
    yield from annotations.items()
    for name, row in others.items():
        yield name, _instance(_related(model, name), row)
