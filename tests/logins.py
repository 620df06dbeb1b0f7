"""The two database logins of production, and how a test works as one of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from tenants.provisioning.grants import APP_ROLE
from wiq.embedded.postgres import OWNER

APP = APP_ROLE
__all__ = ["APP", "OWNER", "become", "connect", "owner"]


def become(login: str) -> None:
    """Let Django sign in with this login from its next statement on."""
    connection = connections["default"]
    if connection.settings_dict["USER"] != login:
        if connection.connection is not None:
            connection.close()
        connection.settings_dict["USER"] = login


@contextmanager
def owner() -> Iterator[None]:
    """Work as the owner, outside of a test's own transaction."""
    before = connections["default"].settings_dict["USER"]
    become(OWNER)
    try:
        yield
    finally:
        become(before)


def connect(login: str, **options: Any) -> "psycopg.Connection[Any]":
    """Open a connection of one's own to the database of the tests."""
    known = connections["default"].settings_dict
    return psycopg.connect(
        **{"host": known["HOST"], "user": login, "dbname": known["NAME"]} | options
    )
