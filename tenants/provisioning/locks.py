"""Who works at a schema that is half made or half gone: a lock that ends with its holder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection


@contextmanager
def held(schema_name: str) -> Iterator[bool]:
    """Hold the lock of a schema, and tell whether it was free."""
    # A schema's random name, as PostgreSQL's bigint.
    key = int(schema_name.removeprefix("d_"), 16) - 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine: bool = cursor.fetchone()[0]
    try:
        yield is_mine
    finally:
        if is_mine:
            # Where the connection is lost, the lock is free already.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
