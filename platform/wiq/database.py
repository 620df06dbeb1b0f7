"""What happens to a database connection between two requests."""

import psycopg


def reset_connection(connection: psycopg.Connection[object]) -> None:
    """Put a pooled connection back to the public schema before the next request gets it.

    django-tenants sets the search path before the first statement anyway; this is the second
    lock on the same door. Called by psycopg_pool in a thread of its own.
    """
    connection.execute("SET search_path TO public")
    connection.commit()
