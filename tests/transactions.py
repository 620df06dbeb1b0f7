"""Who works in which schema within one transaction, and what no transaction may do.

A transaction that makes, drops or fills a schema as one role and uses it as another is something
that PostgreSQL does. An engine that spreads districts over servers opens a connection for each role
there, and the second doesn't see what the first has not committed.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.transaction import Atomic, get_connection

from tenants.provisioning.functions import CREATE, DROP, FORGET, SWAP
from tests.statements import Refused, Statement, home
from wiq.database import DISTRICT_SCHEMA, NO_ROLE, role_of

# As whom the functions of the owner work, whoever calls them.
FUNCTIONS_OWNER = "the owner of the functions"


@dataclass
class Transaction:
    """The districts' schemas used so far: as whom, and whether something was changed there."""

    roles: dict[str, set[str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def use(self, schema: str, role: str, *, changes: bool) -> None:
        """Note one use; raise Refused where another role's changes of a schema stand beside it."""
        self.roles.setdefault(schema, set()).add(role)
        if changes:
            self.changed.add(schema)
        if schema in self.changed and len(self.roles[schema]) > 1:
            who = " and ".join(sorted(self.roles[schema]))
            raise Refused(f"one transaction changes {schema} and uses it as {who}")


def uses(
    statement: Statement, current: str, params: Any, *, as_login: bool
) -> list[tuple[str, str, bool]]:
    """Return the districts' schemas that a statement uses, as which role, and whether it changes."""
    role = NO_ROLE if as_login else role_of(current)
    found = [(home(table, current), role, statement.changes) for table in statement.tables]
    found += [(schema, role, True) for schema in statement.schemas]
    if statement.functions & {CREATE, DROP, FORGET, SWAP}:
        found += [(str(value), FUNCTIONS_OWNER, True) for value in params or ()]
    return [use for use in found if DISTRICT_SCHEMA.fullmatch(use[0])]


def blocks_of_code(connection: Any) -> list[Atomic]:
    """Return the blocks that are open, without those in which a test stands itself."""
    return [block for block in connection.atomic_blocks if not block._from_testcase]


def check_roles(connection: Any, statement: Statement, params: Any) -> None:
    """Refuse what two roles may not do in one transaction. A statement by itself is one."""
    if not blocks_of_code(connection):
        connection.watched = Transaction()
    as_login = connection.works_as_login
    for schema, role, changes in uses(statement, connection.schema_name, params, as_login=as_login):
        connection.watched.use(schema, role, changes=changes)


_enter = Atomic.__enter__


def enter(block: Atomic) -> None:
    """Begin a transaction, which knows of no schema yet."""
    _enter(block)
    connection = get_connection(block.using)
    if len(blocks_of_code(connection)) == 1:
        connection.watched = Transaction()
