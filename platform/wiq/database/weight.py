"""How heavy a connection has become: PostgreSQL's process keeps the catalogue of all it read.

Up to 0.8 MB for each district whose tables were all touched, and nothing is ever forgotten
(https://www.postgresql.org/docs/18/runtime-config-resource.html has no limit for it): with 2,000
districts 1.6 GB for each connection. So a connection is replaced after so many districts.
"""

from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection as django_connection

from wiq.tenancy import PUBLIC

# Measured in docs/capacity.md: beyond it, memory grows faster than pages get quicker.
MOST_DISTRICTS = 64

_touched: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()


def note(connection: psycopg.Connection[Any], schema_name: str) -> None:
    """Note that a connection works in a schema from now on; the public one does not count."""
    if schema_name != PUBLIC:
        _touched.setdefault(connection, set()).add(schema_name)


def is_heavy(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether a connection has been in as many districts as it may."""
    return len(_touched.get(connection, ())) >= MOST_DISTRICTS


def let_go_if_heavy() -> None:
    """Close Django's connection if it is heavy; the next statement opens another one.

    For work that goes from district to district, between two of them. Does nothing within a
    transaction. What belongs to a connection alone (its locks, what was SET) ends with it.
    """
    held = django_connection.connection
    if held is None or django_connection.in_atomic_block or not is_heavy(held):
        return
    django_connection.close()
