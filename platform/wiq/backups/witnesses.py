"""What a district held at a moment that a restore can stop at: the proof of a restore.

While its rows are counted nobody writes into this one district (milliseconds), so the count and
the moment in the log belong together exactly.
"""

import psycopg
from psycopg import sql

from wiq.backups.catalogue import Witness
from wiq.backups.server import Connection, one
from wiq.database import DISTRICT_SCHEMA

# So many districts are counted at each backup; each check takes one of them.
SAMPLE = 3
# Whoever writes for longer is left alone, and another district is asked.
LOCK_WAIT = "3s"
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname ~ %s ORDER BY random()"
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = %s::text::regnamespace AND relkind = 'r'
ORDER BY relname COLLATE "C"
"""
# Columns, indexes and constraints as PostgreSQL writes them down.
SHAPE = """
SELECT encode(sha256(convert_to(
  coalesce(string_agg(line, chr(10) ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex') FROM (
  SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = %(schema)s::text
  UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = %(schema)s::text::regnamespace AND conrelid <> 0
) AS lines (line)
"""


def districts(connection: Connection) -> list[str]:
    """Return the schemas of all districts, in no order."""
    pattern = f"^{DISTRICT_SCHEMA.pattern}$"
    return [name for (name,) in connection.execute(SCHEMAS, [pattern])]


def tables(connection: Connection, schema: str) -> list[str]:
    """Return the tables of a schema, by name."""
    return [name for (name,) in connection.execute(TABLES, [schema])]


def count(connection: Connection, schema: str) -> dict[str, int]:
    """Return for each table of a schema how many rows it has."""
    names = tables(connection, schema)
    if not names:
        return {}
    asked = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(name, sql.Identifier(schema, name))
        for name in names
    ]
    return dict(connection.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall())


def shape(connection: Connection, schema: str) -> str:
    """Return a digest of how a schema is built."""
    row = connection.execute(SHAPE, {"schema": schema}).fetchone()
    assert row is not None
    return str(row[0])


def call(connection: Connection, backup_id: str) -> list[Witness]:
    """Count some districts, each at a named moment of the log. Raises BackupError."""
    found: list[Witness] = []
    for schema in districts(connection):
        if len(found) == SAMPLE:
            break
        witness = _ask(connection, schema, f"wiq-{backup_id}-{len(found)}")
        if witness is not None:
            found.append(witness)
    # What was written so far is a whole segment, and leaves.
    one(connection, "SELECT pg_switch_wal()::text")
    return found


def _ask(connection: Connection, schema: str, point: str) -> Witness | None:
    """Return what a district holds; None where somebody writes into it, or it has just gone."""
    try:
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
            names = tables(connection, schema)
            if not names:
                return None
            every = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
            connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(every))
            rows, built = count(connection, schema), shape(connection, schema)
            segment = one(
                connection, "SELECT pg_walfile_name(pg_create_restore_point(%s))", [point]
            )
    except (psycopg.errors.LockNotAvailable, psycopg.errors.UndefinedTable):
        return None
    return Witness(schema, point, segment, rows, built)
