"""What a statement says, read with PostgreSQL's own grammar, and what no statement may say.

A table of the public schema and one of a district in one statement is something that PostgreSQL
does and that engines which spread districts over servers refuse: they'd join what lies on one
server with what lies on another. The tests are where every statement comes by.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.routers import TenantSyncRouter
from pglast.parser import ParseError, parse_sql_json

from wiq.tenancy import PUBLIC

# psycopg's placeholders: a constant may stand wherever one of them does.
PLACEHOLDER = re.compile(r"%(?:(%)|(?:\(\w+\))?[sbt])")
CATALOGUE = ("pg_catalog", "information_schema", "pg_temp")


CHANGES = {
    *("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"),
    *("CreateStmt", "AlterTableStmt", "IndexStmt", "DropStmt", "RenameStmt"),
}


class Refused(AssertionError):
    """A statement that other engines than a single PostgreSQL would not take."""


@dataclass(frozen=True)
class Statement:
    """What one text says: the tables it names, each with its schema if that is named as well.

    Beside them whether it changes anything there, which schemas it makes or drops by their names,
    and which functions it calls.
    """

    tables: frozenset[tuple[str, str]]
    changes: bool
    schemas: frozenset[str]
    functions: frozenset[str]


# Django gives each a name of its own, so that none would be found again.
SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
NOTHING = Statement(frozenset(), changes=False, schemas=frozenset(), functions=frozenset())


def read(text: str, has_values: bool = False) -> Statement:
    """Read a statement, or several; raise Refused for what PostgreSQL's grammar does not know."""
    return NOTHING if text.startswith(SAVEPOINTS) else _read(text, has_values)


@lru_cache(maxsize=50_000)
def _read(text: str, has_values: bool) -> Statement:
    if has_values:
        text = PLACEHOLDER.sub(lambda found: "%" if found[1] else "'1'", text)
    try:
        tree = json.loads(parse_sql_json(text))
    except ParseError as error:
        raise Refused(f"not to be read: {error}: {text}") from None
    nodes = list(walk(tree))
    own = {node["ctename"] for kind, node in nodes if kind == "CommonTableExpr"}
    named = {
        (node.get("schemaname", ""), node["relname"]) for kind, node in nodes if kind == "RangeVar"
    }
    dropped = [node for kind, node in nodes if kind == "DropStmt"]
    return Statement(
        tables=frozenset(table for table in named if table not in {("", name) for name in own}),
        changes=any(kind in CHANGES for kind, _node in nodes),
        schemas=frozenset(
            [node["schemaname"] for kind, node in nodes if kind == "CreateSchemaStmt"]
            + [
                each["String"]["sval"]
                for node in dropped
                if node["removeType"] == "OBJECT_SCHEMA"
                for each in node["objects"]
            ]
        ),
        functions=frozenset(
            node["funcname"][-1]["String"]["sval"] for kind, node in nodes if kind == "FuncCall"
        ),
    )


def walk(tree: Any, kind: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every node of a tree with the name of its kind, or of the place where it stands."""
    if isinstance(tree, dict):
        yield kind, tree
        for name, below in tree.items():
            # Where only one kind can stand, the tree names the place: INSERT's "relation".
            is_table = isinstance(below, dict) and "relname" in below
            yield from walk(below, "RangeVar" if is_table else name)
    elif isinstance(tree, list):
        for below in tree:
            yield from walk(below, kind)


@cache
def homes() -> dict[str, tuple[bool, bool]]:
    """Return for each table of ours whether it stands in the public schema, and in districts'."""
    in_list = TenantSyncRouter().app_in_list
    found = {
        model._meta.db_table: (
            in_list(model._meta.app_label, settings.SHARED_APPS),
            in_list(model._meta.app_label, settings.TENANT_APPS),
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    return found | {MigrationRecorder.Migration._meta.db_table: (True, True)}


def home(table: tuple[str, str], current: str) -> str:
    """Return the schema in which a table stands for who works in ``current``; "" for nobody's."""
    schema, name = table
    if schema:
        return "" if schema in CATALOGUE else schema
    if name not in homes():
        return ""
    is_public, is_districts = homes()[name]
    if is_public and is_districts:
        return current
    return PUBLIC if is_public else current


def check_place(text: str, current: str, has_values: bool = False) -> None:
    """Refuse a statement that names tables of two schemas for who works in ``current``."""
    tables = read(text, has_values).tables
    found = {home(table, current): table[1] for table in tables}
    found.pop("", None)
    if len(found) > 1:
        where = ", ".join(f"{name} of {schema}" for schema, name in sorted(found.items()))
        raise Refused(f"one statement over {where}: {text}")
