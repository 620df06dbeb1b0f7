"""Creating and migrating the schemas of districts."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import quote_schema_name, tenant_context

from tenants.districts.models import District
from tenants.provisioning import functions, grants
from wiq.database import as_owner
from wiq.database.engine import DISTRIBUTE, spreads

# How long a migration waits for whoever uses a table: everybody behind it waits as well.
LOCK_TIMEOUT = "3s"


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """Let no statement wait longer for a lock than LOCK_TIMEOUT; it raises OperationalError."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        # A broken connection has forgotten it anyway.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def check_now(step: str = "apply_success", *_about: object) -> None:
    """Check now what would be checked at the end of the transaction.

    A table with checks due can't be changed: rows of one migration, then columns of the next.
    """
    if step == "apply_success":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def migrate(district: District) -> int:
    """Migrate one district's schema; return how many migrations ran.

    All or nothing, unless one of the migrations says that it can't be (``atomic = False``): then
    each by itself, and a repetition goes on where it stopped. So on several servers, too: ``SET
    CONSTRAINTS`` reaches only one of them, and a table with checks due can't be changed.

    The executor is Django's own; the router of django-tenants decides which tables belong here.
    """
    with tenant_context(district), as_owner():
        executor = MigrationExecutor(connection, progress_callback=check_now)
        leaves = executor.loader.graph.leaf_nodes()
        plan = executor.migration_plan(leaves)
        whole = not spreads() and all(migration.atomic for migration, _backwards in plan)
        with waiting_briefly(), transaction.atomic() if whole else nullcontext():
            if plan:
                executor.migrate(leaves, plan)
            grants.grant_district(district.schema_name)
        if spreads():
            _spread(district.schema_name)
    return len(plan)


def _spread(schema_name: str) -> None:
    """Give a schema that still stands on the coordinator to a server; nothing to do for others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_catalog.pg_dist_schema WHERE schemaid = %s::regnamespace",
            [schema_name],
        )
        if cursor.fetchone() is None:
            cursor.execute(f"SELECT {DISTRIBUTE}(%s::regnamespace)", [schema_name])


def create(district: District) -> None:
    """Create a new district's schema like the template, in the caller's transaction."""
    functions.create_schema(district.schema_name)


def create_by_migrating(district: District) -> None:
    """Create a new district's schema by running all migrations: slow, for comparison."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quote_schema_name(district.schema_name)}")
    migrate(district)
