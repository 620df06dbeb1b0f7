"""Rows from one schema into another, by COPY: as they are, and none of them read by Python.

https://www.postgresql.org/docs/18/sql-copy.html
"""

from tempfile import SpooledTemporaryFile
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection
from django_tenants.utils import tenant_context
from psycopg.sql import SQL, Identifier

from tenants.districts.models import District
from wiq.returning import as_today, emptied

# The new schema has its own.
_NOT_COPIED = "django_migrations"
_LARGE = 16_000_000
# So far the log's numbers go on beyond today's: both schemas write for a while.
LOG_GAP = 10_000
LOG = "audit_entry"
_TABLES = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname"""
_SEQUENCES = (
    "SELECT relname::text FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'S'"
)


class Misfit(Exception):
    """The tables of both sides are not the same."""


def _names(labels: Any) -> set[str]:
    return {apps.get_model(label)._meta.db_table for label in labels}


def tables_here(schema_name: str) -> dict[str, list[str]]:
    """Return the tables of the current district's schema with the columns that are written."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [schema_name])
        return {name: columns for name, columns in cursor.fetchall() if name != _NOT_COPIED}


def from_backup(source: "psycopg.Connection[Any]", old: str, new: str) -> int:
    """Copy a district's rows from a backup's server into the current schema; return how many.

    ``old`` and ``new`` are the names of the two schemas. Raises Misfit.
    """
    there = dict(source.execute(_TABLES, [old]).fetchall())
    mine = tables_here(new)
    there.pop(_NOT_COPIED, None)
    if {name: set(columns) for name, columns in there.items()} != {
        name: set(columns) for name, columns in mine.items()
    }:
        odd = sorted(set(there) ^ set(mine)) or sorted(
            name for name in mine if set(mine[name]) != set(there[name])
        )
        raise Misfit(odd[0])
    copied = 0
    for name in sorted(set(mine) - _names(as_today) - _names(emptied)):
        columns = SQL(", ").join(map(Identifier, mine[name]))
        reading = SQL("COPY {} ({}) TO STDOUT").format(Identifier(old, name), columns)
        with source.cursor().copy(reading) as rows, connection.cursor() as cursor:
            writing = SQL("COPY {} ({}) FROM STDIN").format(Identifier(name), columns)
            with cursor.copy(writing) as target:
                for data in rows:
                    target.write(data)
            copied += cursor.rowcount
    for name, number in _numbers(source, old).items():
        _count_on(name, number)
    return copied


def _numbers(source: Any, schema_name: str) -> dict[str, int]:
    """Return how far each sequence of a schema has counted."""
    names = [name for (name,) in source.execute(_SEQUENCES, [schema_name]).fetchall()]
    found = {}
    for name in names:
        asking = SQL("SELECT last_value FROM {}").format(Identifier(schema_name, name))
        found[name] = int(source.execute(asking).fetchone()[0])
    return found


def _count_on(sequence: str, number: int) -> None:
    """Let a sequence of the current schema give no number again that was given before."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("SELECT setval({}, greatest(%s, (SELECT last_value FROM {})))").format(
                SQL("%s::regclass"), Identifier(sequence)
            ),
            [f'"{sequence}"', number],
        )


class Today:
    """What a district's own schema holds that a restored one takes from it."""

    def __init__(self, district: District, *, log_after: int) -> None:
        """Read it all now. ``log_after``: the last entry of the log that is taken over already."""
        self._rows: dict[str, Any] = {}
        with tenant_context(district), connection.cursor() as cursor:
            self._columns = {
                name: columns
                for name, columns in tables_here(str(district.schema_name)).items()
                if name in _names(as_today)
            }
            for name, columns in self._columns.items():
                self._rows[name] = self._read(cursor, name, columns, log_after)
            cursor.execute(_SEQUENCES, [district.schema_name])
            self.numbers: dict[str, int] = {}
            for (name,) in cursor.fetchall():
                cursor.execute(SQL("SELECT last_value FROM {}").format(Identifier(name)))
                self.numbers[name] = cursor.fetchone()[0]
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {LOG}")  # noqa: S608
            self.log_until = int(cursor.fetchone()[0])

    @staticmethod
    def _read(cursor: Any, name: str, columns: list[str], log_after: int) -> Any:
        kept = SpooledTemporaryFile(max_size=_LARGE)  # noqa: SIM115 (read later, then gone)
        where = SQL(" WHERE id > {}").format(log_after) if name == LOG else SQL("")
        asking = SQL("COPY (SELECT {} FROM {}{}) TO STDOUT").format(
            SQL(", ").join(map(Identifier, columns)), Identifier(name), where
        )
        with cursor.copy(asking) as rows:
            for data in rows:
                kept.write(data)
        kept.seek(0)
        return kept

    def write(self) -> None:
        """Write it into the current schema."""
        with connection.cursor() as cursor:
            for name in sorted(_names(emptied)):
                cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))
            for name in sorted(self._columns, reverse=True):
                if name != LOG:
                    cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))
            for name, columns in self._columns.items():
                writing = SQL("COPY {} ({}) FROM STDIN").format(
                    Identifier(name), SQL(", ").join(map(Identifier, columns))
                )
                with cursor.copy(writing) as target:
                    while data := self._rows[name].read(1 << 16):
                        target.write(data)
        for name, number in self.numbers.items():
            _count_on(name, number + (LOG_GAP if name.startswith(LOG) else 0))
