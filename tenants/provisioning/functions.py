"""The two SQL functions with which web and worker create and remove a district's schema.

Both run with the owner's rights (SECURITY DEFINER). They accept only a generated name, and run only
what is written here or in the template, which only the owner can change.
See https://www.postgresql.org/docs/18/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
"""

from django.db import connection
from django_tenants.utils import schema_context

from tenants.provisioning.grants import APP_ROLE
from wiq.database import as_owner
from wiq.tenancy import PUBLIC

_HEAD = """
CREATE OR REPLACE FUNCTION public.{name}(wanted text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
"""
_CHECK = """
    IF wanted !~ '^d_[0-9a-f]{16}$' THEN
        RAISE EXCEPTION 'no name of a district: %', wanted;
    END IF;
"""
CREATE, DROP = "wiq_create_district", "wiq_drop_district"
_CREATE_BODY = f"""
DECLARE statement text;
BEGIN
    {_CHECK}
    -- Ends with this function, because the function has a setting of its own.
    PERFORM set_config('search_path', quote_ident(wanted) || ', public', true);
    FOR statement IN
        SELECT words FROM public.provisioning_templatestatement WHERE position > 0 ORDER BY position
    LOOP
        EXECUTE replace(statement, '{{district}}', quote_ident(wanted));
    END LOOP;
END $function$"""  # noqa: S608 (our own words)
_DROP_BODY = f"""
BEGIN
    {_CHECK}
    IF EXISTS (SELECT FROM public.districts_district WHERE schema_name = wanted) THEN
        RAISE EXCEPTION 'the district % is still there', wanted;
    END IF;
    -- What this transaction has written there is checked now: a table with checks due stays.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', wanted);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
        -- An owner that is no superuser needs the rights of the role to take them away.
        EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT TRUE', wanted);
        EXECUTE format('DROP OWNED BY %I', wanted);
        EXECUTE format('DROP ROLE %I', wanted);
    END IF;
END $function$"""  # noqa: S608 (our own words)


def install() -> None:
    """Create or update both functions. Owner only."""
    with schema_context(PUBLIC), as_owner(), connection.cursor() as cursor:
        for name, body in ((CREATE, _CREATE_BODY), (DROP, _DROP_BODY)):
            cursor.execute(_HEAD.format(name=name) + body)
            cursor.execute(f"REVOKE ALL ON FUNCTION public.{name}(text) FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION public.{name}(text) TO {APP_ROLE}")


def create_schema(schema_name: str) -> None:
    """Create a schema like the template, with its role, in the caller's transaction."""
    _call(CREATE, schema_name)


def drop_schema(schema_name: str) -> None:
    """Remove a schema and its role, if they exist, in the caller's transaction.

    Raises ProgrammingError while there is a district with that schema.
    """
    _call(DROP, schema_name)


def _call(name: str, schema_name: str) -> None:
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{name}(%s)", [schema_name])
