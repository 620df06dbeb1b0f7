"""Whether a schema has the tables that this code expects, asked where it is used.

Web starts as soon as the public schema fits; the districts are brought to its version meanwhile
(docs/decisions/0089-web-starts-early.md). Nothing of it is stored: a schema that was restored or
left behind is seen as it is. What a process has seen to fit is not asked again, because a schema
never goes back while code that needs more of it runs.
"""

import pkgutil
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import schema_context

from wiq.tenancy import PUBLIC

_DONE = "SELECT app, name FROM django_migrations"
_fitting: set[str] = set()


@cache
def needed() -> frozenset[tuple[str, str]]:
    """Return the app and name of each migration of this code, by its files: none is loaded."""
    found = set()
    for app in apps.get_app_configs():
        name, _explicit = MigrationLoader.migrations_module(app.label)
        try:
            module = import_module(name) if name else None
        except ModuleNotFoundError:
            continue
        for each in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if not each.ispkg and each.name[0] not in "_~":
                found.add((app.label, each.name))
    return frozenset(found)


def fits(schema_name: str) -> bool:
    """Tell whether the schema that is set, with this name, has had all migrations of this code.

    One statement at the first call for a schema in a process, none once it fits.
    """
    if schema_name in _fitting:
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute(_DONE)
            done = set(cursor.fetchall())
    except ProgrammingError:  # the schema is being made
        return False
    if not needed() <= done:
        return False
    _fitting.add(schema_name)
    return True


def public_fits() -> bool:
    """Tell whether web may take visitors: the public schema fits, or can't be asked.

    Where the database is away, visitors get a friendly page. For a thread of its own: it gives the
    connection back.
    """
    try:
        with schema_context(PUBLIC):
            return fits(PUBLIC)
    except DatabaseError:
        return True
    finally:
        connection.close()
