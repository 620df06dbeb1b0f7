"""Acting as a role of the database by hand-written SQL, past everything the platform checks."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def acting_as(role: str) -> Iterator["psycopg.Cursor[tuple[object, ...]]"]:
    """Give a bare cursor that works as this role; afterwards all is as it was before."""
    connection.ensure_connection()
    bare = connection.connection
    with bare.transaction(force_rollback=True), bare.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{role}"')
        yield cursor
