"""Locks of PostgreSQL by name, for work that must not happen twice at once."""

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction in this database holds this name; hold it until ours ends.

    An advisory lock (PostgreSQL docs, 13.3.5); it ends with the connection of its holder, too.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
