"""What no migration may do, read from its SQL with PostgreSQL's own grammar.

Two rules are about engines that spread districts over servers, the third about an older version of
ours that still runs while the tables change, and writes and reads what it knows. A migration that
must break one says why, in its module: ``OTHER_ENGINES = "…"`` or ``OLDER_VERSIONS = "…"``.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pglast.parser import parse_sql_json

from tests.statements import walk

OTHER_ENGINES, OLDER_VERSIONS = "OTHER_ENGINES", "OLDER_VERSIONS"
Node = dict[str, Any]
# What a rename or a drop of does not concern who reads and writes rows.
UNSEEN = {"OBJECT_INDEX", "OBJECT_TABCONSTRAINT", "OBJECT_POLICY", "OBJECT_COMMENT"}
WIDER = {("int2", "int4"), ("int2", "int8"), ("int4", "int8"), ("varchar", "text")}


@dataclass(frozen=True)
class Fault:
    """A rule that is broken, and what breaks it."""

    rule: str
    words: str


@dataclass(frozen=True)
class Type:
    """A column's type: its name, and how long it may be."""

    name: str
    size: int | None

    def holds(self, before: "Type | None") -> bool:
        """Tell whether every value of a former type fits in this one."""
        if before is None or before.name != self.name:
            return before is not None and (before.name, self.name) in WIDER
        return self.size is None or (before.size is not None and before.size <= self.size)


@dataclass
class Tables:
    """The columns that the migrations read so far have made."""

    types: dict[tuple[str, str], Type] = field(default_factory=dict)

    def faults(self, statements: Iterable[str]) -> list[Fault]:
        """Read the statements of one migration, and return what is wrong with them."""
        reading = _Migration(self.types)
        for statement in statements:
            for parsed in json.loads(parse_sql_json(statement)).get("stmts", []):
                reading.read(parsed["stmt"])
        return [*reading.found, *reading.left_out()]


class _Migration:
    """One migration, whose own new tables and columns no older version knows."""

    def __init__(self, types: dict[tuple[str, str], Type]) -> None:
        self.types = types
        self.new_tables: set[str] = set()
        self.new_columns: set[tuple[str, str]] = set()
        # Columns that may not be empty and that the database does not fill.
        self.bare: set[tuple[str, str]] = set()
        self.found: list[Fault] = []

    def left_out(self) -> Iterator[Fault]:
        for table, column in sorted(self.bare):
            words = f"{table}.{column} may not be empty and has no default: an older version leaves it out"
            yield Fault(OLDER_VERSIONS, words)

    def read(self, statement: Node) -> None:
        ((kind, node),) = statement.items()
        reader = getattr(self, f"_read_{kind}", None)
        if reader is not None:
            reader(node)

    def _older(self, words: str) -> None:
        self.found.append(Fault(OLDER_VERSIONS, words))

    def _read_CreateStmt(self, node: Node) -> None:
        table = node["relation"]["relname"]
        self.new_tables.add(table)
        for element in node.get("tableElts", []):
            if "ColumnDef" in element:
                column = element["ColumnDef"]
                self.types[table, column["colname"]] = _type(column)

    def _read_AlterTableStmt(self, node: Node) -> None:
        if node.get("objtype") != "OBJECT_TABLE":
            return
        for command in node["cmds"]:
            inner = command["AlterTableCmd"]
            reader = getattr(self, f"_read_{inner['subtype']}", None)
            if reader is not None:
                reader(node["relation"]["relname"], inner)

    def _read_AT_AddColumn(self, table: str, command: Node) -> None:
        column = command["def"]["ColumnDef"]
        name = column["colname"]
        self.types[table, name] = _type(column)
        self.new_columns.add((table, name))
        rules = [each["Constraint"] for each in column.get("constraints", [])]
        kinds = {rule["contype"] for rule in rules}
        for rule in rules:
            if rule["contype"] == "CONSTR_CHECK" and not rule.get("conname"):
                words = f"{table}.{name} comes with a CHECK without a name: add it by itself"
                self.found.append(Fault(OTHER_ENGINES, words))
        filled = kinds & {"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"}
        if "CONSTR_NOTNULL" in kinds and not filled and table not in self.new_tables:
            self.bare.add((table, name))

    def _read_AT_ColumnDefault(self, table: str, command: Node) -> None:
        place = (table, command["name"])
        if "def" in command:
            self.bare.discard(place)
        elif table not in self.new_tables:
            self.bare.add(place)

    def _read_AT_DropNotNull(self, table: str, command: Node) -> None:
        self.bare.discard((table, command["name"]))

    def _read_AT_SetNotNull(self, table: str, command: Node) -> None:
        if self._is_known(table, command["name"]):
            self._older(f"{table}.{command['name']} may not be empty any more")

    def _read_AT_DropColumn(self, table: str, command: Node) -> None:
        if self._is_known(table, command["name"]):
            self._older(f"{table}.{command['name']} is dropped")

    def _read_AT_AlterColumnType(self, table: str, command: Node) -> None:
        name = command["name"]
        wanted = _type(command["def"]["ColumnDef"])
        if self._is_known(table, name) and not wanted.holds(self.types.get((table, name))):
            self._older(f"{table}.{name} becomes narrower or another type")
        self.types[table, name] = wanted

    def _read_AT_AddConstraint(self, table: str, command: Node) -> None:
        rule = command["def"]["Constraint"]
        columns = {
            each["String"]["sval"] for key in ("keys", "fk_attrs") for each in rule.get(key, [])
        }
        columns |= _columns(rule.get("raw_expr", {}))
        if any(self._is_known(table, column) for column in columns):
            self._older(f"{table}: {rule.get('conname')} refuses rows that were allowed")

    def _read_IndexStmt(self, node: Node) -> None:
        if not node.get("unique"):
            return
        table = node["relation"]["relname"]
        parts = [part["IndexElem"] for part in node["indexParams"]]
        columns = {part["name"] for part in parts if "name" in part} | _columns(parts)
        if any(self._is_known(table, column) for column in columns):
            self._older(f"{table}: {node['idxname']} refuses rows that were allowed")

    def _read_RenameStmt(self, node: Node) -> None:
        table = node.get("relation", {}).get("relname", "")
        if node["renameType"] not in UNSEEN and table not in self.new_tables:
            self._older(f"{table} {node.get('subname', '')}: has another name")

    def _read_DropStmt(self, node: Node) -> None:
        if node["removeType"] not in UNSEEN:
            what = node["removeType"].removeprefix("OBJECT_").lower()
            self._older(f"a {what} is dropped")

    def _read_CreatePolicyStmt(self, node: Node) -> None:
        if any(kind == "SubLink" for kind, _node in walk(node)):
            name = node["policy_name"]
            self.found.append(Fault(OTHER_ENGINES, f"the policy {name} asks another table"))

    def _read_AlterPolicyStmt(self, node: Node) -> None:
        self._read_CreatePolicyStmt(node)

    def _is_known(self, table: str, column: str) -> bool:
        """Tell whether an older version may know a column."""
        return table not in self.new_tables and (table, column) not in self.new_columns


def _columns(tree: Any) -> set[str]:
    """Return the columns that an expression names."""
    return {
        node["fields"][-1]["String"]["sval"]
        for kind, node in walk(tree)
        if kind == "ColumnRef" and "String" in node["fields"][-1]
    }


def _type(column: Node) -> Type:
    named = column["typeName"]
    sizes = [each["A_Const"].get("ival", {}).get("ival", 0) for each in named.get("typmods", [])]
    return Type(named["names"][-1]["String"]["sval"], sizes[0] if sizes else None)
