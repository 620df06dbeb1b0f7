"""Locks a schema that is being created or removed; the lock ends with its connection."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection


@contextmanager
def held(schema_name: str) -> Iterator[bool]:
    """Try to lock a schema; yield whether it was free."""
    # The random part of the schema's name as a bigint.
    key = int(schema_name.removeprefix("d_"), 16) - 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine: bool = cursor.fetchone()[0]
    try:
        yield is_mine
    finally:
        if is_mine:
            # If the connection is lost, the lock is already free.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
