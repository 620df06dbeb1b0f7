"""What the application's own database login may do: everything but rewrite the audit log.

Migrations and the making of districts run as the owner of the database; web and worker sign in as
``wiq_app``, which owns nothing (docs/decisions/0009-database-logins.md).
"""

from contextlib import suppress

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_tenants.utils import quote_schema_name

APP_ROLE = "wiq_app"
AUDIT_TABLE = "audit_entry"


def role_exists() -> bool:
    """Tell whether this database server knows the application's login."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        return cursor.fetchone() is not None


def create_role() -> bool:
    """Create the login where it is missing and we may; tell whether it is there."""
    if role_exists():
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            return False
    # Another migration, of another database on the same server, may be quicker.
    with (
        suppress(IntegrityError, ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
    return role_exists()


def grant(schema: str) -> None:
    """Let the application's login work in a schema: to be called after every migration of it."""
    if not role_exists():
        return
    name = quote_schema_name(schema)
    with connection.cursor() as cursor:
        for statement in (
            f"GRANT USAGE ON SCHEMA {name} TO {APP_ROLE}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {APP_ROLE}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {name} TO {APP_ROLE}",
            f"REVOKE UPDATE, DELETE ON {name}.{AUDIT_TABLE} FROM {APP_ROLE}",
        ):
            cursor.execute(statement)
