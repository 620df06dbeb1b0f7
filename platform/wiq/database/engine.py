"""Which engine answers: one PostgreSQL, or Citus, which spreads districts' schemas over servers.

The code is the same on both. Where one needs a word more, it is asked here (decision 91): what the
server can do is asked, because a setting could say something else.
https://www.postgresql.org/docs/18/functions-info.html#FUNCTIONS-INFO-CATALOG-TABLE (to_regproc)
"""

from django.db import connection

from wiq.tenancy import connection as current

# With its schema: a function of that name in a district would say nothing of the server.
DISTRIBUTE = "pg_catalog.citus_schema_distribute"
_ASK = "SELECT to_regproc(%s) IS NOT NULL"


def spreads() -> bool:
    """Tell whether the server spreads schemas over several; asked once for each connection."""
    connection.ensure_connection()
    if current.spreads is None:
        with connection.cursor() as cursor:
            cursor.execute(_ASK, [DISTRIBUTE])
            current.spreads = bool(cursor.fetchone()[0])
    return current.spreads
