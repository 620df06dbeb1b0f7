"""The databases of the tests: one is migrated, and each worker of pytest-xdist gets a copy of it."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests import logins
from tests.once import made_once

MIGRATED = "test_migrated"


def make(name: str) -> None:
    """Create a worker's database, and work in it from now on."""
    logins.become(logins.OWNER)
    known = connections["default"].settings_dict
    with psycopg.connect(
        host=known["HOST"], user=known["USER"], dbname=known["NAME"], autocommit=True
    ) as server:
        made_once("migrated", lambda folder: _migrate(server, folder))
        _create(server, name, like=MIGRATED)
    settings.DATABASES["default"]["NAME"] = known["NAME"] = name


def _migrate(server: "psycopg.Connection[tuple[object, ...]]", folder: Path) -> None:
    _create(server, MIGRATED, like="template1")
    connections["default"].settings_dict["NAME"] = MIGRATED
    call_command("migrate_districts")
    # Nobody may be connected to what is copied.
    connections.close_all()


def _create(server: "psycopg.Connection[tuple[object, ...]]", name: str, like: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())
