"""The database connection: the schema and the role it works with.

Within a district every statement runs as that district's own role. Whatever the SQL says, the role
only reaches its schema and what the public schema grants to districts (docs/decisions/0012).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from wiq.database import weight
from wiq.tenancy import connection as current

# A district's schema and its role have the same name.
DISTRICT_SCHEMA = re.compile(r"d_[0-9a-f]{16}")
SET_PLACE = "SELECT set_config('search_path', %s, false), set_config('role', %s, false)"
NO_ROLE = "none"


def reset_connection(connection: psycopg.Connection[object]) -> None:
    """Reset a pooled connection to the public schema before the next request gets it.

    The wrapper sets path and role before the first statement anyway; this is a second safeguard.
    psycopg_pool calls it in its own thread, where it also replaces what is past its time: for a
    connection that has become heavy, that is now.
    """
    connection.execute(SET_PLACE, ["public", NO_ROLE])
    connection.commit()
    if weight.is_heavy(connection):
        # The pool's own mark. Closed here, the connection would be reported as a broken one.
        connection._expire_at = 0.0


def role_of(schema_name: str) -> str:
    """Return the role to use in a schema: the district's own, or the login itself."""
    return schema_name if DISTRICT_SCHEMA.fullmatch(schema_name) else NO_ROLE


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the login itself, also within districts: migrations need the owner."""
    before = current.works_as_login
    current.work_as_login(True)
    try:
        yield
    finally:
        current.work_as_login(before)
