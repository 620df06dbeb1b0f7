"""The tables of a district's schema, copied as PostgreSQL keeps them, and where counting goes on.

COPY takes every column as it is, keys included
(https://www.postgresql.org/docs/18/sql-copy.html).
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.db import connection
from psycopg import Copy

# Which migrations ran is the new schema's own to say.
OWN = "django_migrations"
_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> %s
    ORDER BY c.relname, a.attname"""
_COUNTERS = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL"""


def _columns() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [OWN])
        return list(cursor.fetchall())


def tables() -> dict[str, list[str]]:
    """Return the tables of the current district, each with its columns, in order of their names."""
    found: dict[str, list[str]] = {}
    for table, column, _type in _columns():
        found.setdefault(table, []).append(column)
    return found


def shape() -> str:
    """Return a digest of the current district's tables: two with the same one hold the same."""
    return hashlib.sha256(json.dumps(_columns()).encode()).hexdigest()


def written(table: str, columns: list[str], target: IO[bytes]) -> None:
    """Write the rows of a table into a file."""
    with _copying(table, columns, "TO STDOUT") as copy:
        for chunk in copy:
            target.write(chunk)


def read(table: str, columns: list[str], chunks: Iterator[bytes]) -> None:
    """Take in the rows of a table. Raises DatabaseError for what are none."""
    with _copying(table, columns, "FROM STDIN") as copy:
        for chunk in chunks:
            copy.write(chunk)


@contextmanager
def _copying(table: str, columns: list[str], where: str) -> Iterator[Copy]:
    """Yield psycopg's way into or out of a table, with its errors turned into Django's."""
    quoted = connection.ops.quote_name
    statement = f"COPY {quoted(table)} ({', '.join(map(quoted, columns))}) {where}"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        yield copy


def counters() -> dict[str, int]:
    """Return the last number that each sequence of the current district has given."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS)
        return dict(cursor.fetchall())


def _sequences() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        return {name for (name,) in cursor.fetchall()}


def count_on(last: dict[str, Any]) -> None:
    """Let the current district's sequences go on where those of its former place stood.

    Raises LookupError for one that the district does not have.
    """
    own = _sequences()
    with connection.cursor() as cursor:
        for sequence, number in last.items():
            if sequence not in own:
                raise LookupError(f"{sequence}: no sequence of a district")
            quoted = connection.ops.quote_name(sequence)
            cursor.execute("SELECT setval(%s::regclass, %s)", [quoted, int(number)])
