"""The district that the current work belongs to."""

from typing import Any, Protocol, cast

from django.db import connection as django_connection

PUBLIC = "public"


class TenantConnection(Protocol):
    """The methods that django-tenants and our backend add to Django's database connection."""

    schema_name: str
    tenant: Any
    works_as_login: bool
    spreads: bool | None

    def set_tenant(self, tenant: Any) -> None:
        """Switch to the schema of a district."""

    def set_schema_to_public(self) -> None:
        """Switch back to the platform's own schema."""

    def work_as_login(self, on: bool) -> None:
        """Work as the login itself, or as the district's role again."""


connection = cast(TenantConnection, django_connection)


def current_district_id() -> int | None:
    """Return the number of the district whose schema is set; None on the platform.

    Raises RuntimeError in a schema that was set by name (``schema_context``). Then the district
    is unknown, and a guess could send a district's mail as the platform's.
    """
    if connection.schema_name == PUBLIC:
        return None
    number = getattr(connection.tenant, "pk", None)
    if number is None:
        raise RuntimeError(f"schema {connection.schema_name} was set without its district")
    return int(number)
