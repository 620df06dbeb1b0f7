"""What tables a schema has, by PostgreSQL's catalogue, and statements that create them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django_tenants.utils import schema_context

from wiq.database import introspection

# Changes with what ``in_few_steps`` returns, so that a template from before is written anew.
WAY = "tables with their foreign keys"

# A column for CREATE TABLE; NOT NULL comes from the named constraints below.
_COLUMNS = """
    SELECT a.attrelid, format('%%I %%s%%s%%s', a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0
             THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
        CASE WHEN a.attidentity <> '' THEN format(' GENERATED %%s AS IDENTITY (SEQUENCE NAME %%s)',
                  CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
                  (SELECT quote_ident(s.relname) FROM pg_depend o JOIN pg_class s ON s.oid = o.objid
                   WHERE o.refobjid = a.attrelid AND o.refobjsubid = a.attnum
                   AND o.deptype = 'i' AND s.relkind = 'S'))
             WHEN a.attgenerated = 's' THEN
                  format(' GENERATED ALWAYS AS (%%s) STORED', pg_get_expr(d.adbin, d.adrelid))
             WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
             ELSE '' END)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum"""
_CONSTRAINTS = """
    SELECT conrelid, confrelid, format('CONSTRAINT %%I %%s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY(%s) AND contype <> 't' ORDER BY conname"""
_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY(%s)
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                        AND k.contype IN ('p', 'u', 'x'))
    ORDER BY c.relname"""


@dataclass
class Table:
    """A table without its schema: what stands in its brackets, and its foreign keys."""

    name: str
    inside: list[str] = field(default_factory=list)
    # The constraint, and the name of the table that it points to.
    foreign: dict[str, str] = field(default_factory=dict)

    def made(self, *keys: str) -> str:
        """Return the statement that creates the table, with these of its foreign keys."""
        return f'CREATE TABLE "{self.name}" ({", ".join((*self.inside, *keys))})'

    def pointing(self, key: str) -> str:
        """Return the statement that gives the table one of its foreign keys."""
        return f'ALTER TABLE "{self.name}" ADD {key}'


def read(schema: str) -> tuple[list[Table], list[str]]:
    """Return a schema's tables by name, and the statements that make their further indexes."""
    # As the district's own role: PostgreSQL shortens names only in schemas that a role may use.
    with schema_context(schema), connection.cursor() as cursor:
        found = introspection.relations(cursor, schema)
        tables = {one.oid: Table(one.name) for one in found if one.kind == introspection.TABLE}
        cursor.execute(_COLUMNS, [list(tables)])
        for oid, column in cursor.fetchall():
            tables[oid].inside.append(column)
        cursor.execute(_CONSTRAINTS, [list(tables)])
        for oid, target, constraint in cursor.fetchall():
            if target:
                tables[oid].foreign[constraint] = tables[target].name if target in tables else ""
            else:
                tables[oid].inside.append(constraint)
        cursor.execute(_INDEXES, [list(tables)])
        indexes = [definition for (definition,) in cursor.fetchall()]
    return list(tables.values()), indexes


def in_few_steps(tables: Sequence[Table], indexes: Sequence[str]) -> list[str]:
    """Return statements that create tables and indexes in the fewest steps.

    PostgreSQL checks no rows for a foreign key that comes with its table, and looks at the table
    once for all of them. So a table follows those that it points to. Where some point to each
    other, the keys that can't come yet follow at the end.
    """
    waiting = {table.name: table for table in tables}
    made: list[str] = []
    later: list[str] = []
    while waiting:
        ready = [one for one in waiting.values() if not _still_to_come(one, waiting)]
        table = ready[0] if ready else next(iter(waiting.values()))
        missing = _still_to_come(table, waiting)
        made.append(table.made(*(key for key in table.foreign if key not in missing)))
        later += [table.pointing(key) for key in missing]
        del waiting[table.name]
    return [*made, *indexes, *later]


def _still_to_come(table: Table, waiting: dict[str, Table]) -> list[str]:
    """Return the foreign keys of a table whose targets are not made yet; its own row may be."""
    others = waiting.keys() - {table.name}
    return [key for key, target in table.foreign.items() if target in others]
