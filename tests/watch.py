"""Every statement of the tests passes here before it is sent."""

from collections.abc import Callable
from typing import Any

from django.db.backends.signals import connection_created
from django.db.transaction import Atomic
from psycopg.sql import Composable

from tests import transactions
from tests.statements import Refused, check_place, read

# What was refused since the test began: code under test may swallow the exception.
refused: list[Refused] = []


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Read a statement before it is sent (a wrapper of Django's)."""
    connection = context["connection"]
    text = sql.as_string(connection.connection) if isinstance(sql, Composable) else str(sql)
    try:
        check_place(text, connection.schema_name, params is not None)
        transactions.check_roles(connection, read(text, params is not None), params)
    except Refused as error:
        refused.append(error)
        raise
    return execute(sql, params, many, context)


def watch_connection(connection: Any, **kwargs: Any) -> None:
    """Watch a connection that was just opened, whichever thread it belongs to."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)


def begin() -> None:
    """Watch every connection from now on."""
    connection_created.connect(watch_connection)
    Atomic.__enter__ = transactions.enter
