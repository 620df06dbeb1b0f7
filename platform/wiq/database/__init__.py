"""The database connection: in which schema it works, and as which role.

Within a district every statement runs as that district's own role, which may touch its schema and
what the public schema grants to districts, whatever the SQL says (docs/decisions/0012).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from wiq.tenancy import connection as current

# The name of a district's schema is the name of its role, too.
DISTRICT_SCHEMA = re.compile(r"d_[0-9a-f]{16}")
SET_PLACE = "SELECT set_config('search_path', %s, false), set_config('role', %s, false)"
NO_ROLE = "none"


def reset_connection(connection: psycopg.Connection[object]) -> None:
    """Put a pooled connection back to the public schema before the next request gets it.

    The wrapper sets path and role before the first statement anyway; this is the second lock on
    the same door. Called by psycopg_pool in a thread of its own.
    """
    connection.execute(SET_PLACE, ["public", NO_ROLE])
    connection.commit()


def role_of(schema_name: str) -> str:
    """Return the role that works in a schema: the district's own, or the login itself."""
    return schema_name if DISTRICT_SCHEMA.fullmatch(schema_name) else NO_ROLE


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the login itself, within districts too: for migrations, which need the owner."""
    before = current.works_as_login
    current.work_as_login(True)
    try:
        yield
    finally:
        current.work_as_login(before)
