"""Which district the work at hand belongs to."""

from django.db import connection

PUBLIC = "public"


def current_district_id() -> int | None:
    """Return the number of the district whose schema is set; None on the platform.

    Raises RuntimeError in a schema that was set by its name alone (``schema_context``): then the
    district is not known, and guessing would send one district's mail as the platform's.
    """
    if connection.schema_name == PUBLIC:
        return None
    number = getattr(connection.tenant, "pk", None)
    if number is None:
        raise RuntimeError(f"schema {connection.schema_name} was set without its district")
    return int(number)
