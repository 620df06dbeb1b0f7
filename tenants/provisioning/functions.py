"""The SQL functions with which web and worker do what only the owner may.

They create and remove a district's schema, and take old names out of a log. All run with the
owner's rights (SECURITY DEFINER). They accept only a generated name, and run only what is written
here or in the template, which only the owner can change.
See https://www.postgresql.org/docs/18/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
"""

from django.db import connection
from django_tenants.utils import schema_context

from tenants.provisioning.grants import APP_ROLE
from wiq.audit.models import NAMES_KEPT_MONTHS
from wiq.database import as_owner
from wiq.database.engine import DISTRIBUTE
from wiq.tenancy import PUBLIC

_HEAD = """
CREATE OR REPLACE FUNCTION public.{name}(wanted text) RETURNS {returns}
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
"""
_CHECK = """
    IF wanted !~ '^d_[0-9a-f]{16}$' THEN
        RAISE EXCEPTION 'no name of a district: %', wanted;
    END IF;
"""
CREATE, DROP, FORGET = "wiq_create_district", "wiq_drop_district", "wiq_forget_actors"
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
    -- Tables made in a function stay on the coordinator; only a Citus has this one.
    IF to_regproc('{DISTRIBUTE}') IS NOT NULL THEN
        EXECUTE format('SELECT {DISTRIBUTE}(%L::regnamespace)', wanted);
    END IF;
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

# Words for who acted look like "mail-link"; anything else is somebody's name or address. The term
# stands here and not in the call, so that nobody can hide what happened lately.
_FORGET_BODY = """
DECLARE forgotten bigint;
BEGIN
    IF wanted <> 'public' AND wanted !~ '^d_[0-9a-f]{16}$' THEN
        RAISE EXCEPTION 'no name of a district: %', wanted;
    END IF;
    EXECUTE format(
        'UPDATE %I.audit_entry SET actor = %L WHERE at < now() - %L::interval AND actor !~ %L',
        wanted, 'former', '{MONTHS} months', '^[a-z-]*$'
    );
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $function$""".replace("{MONTHS}", str(NAMES_KEPT_MONTHS))


def install() -> None:
    """Create or update the functions. Owner only."""
    with schema_context(PUBLIC), as_owner(), connection.cursor() as cursor:
        for name, body, returns in (
            (CREATE, _CREATE_BODY, "void"), (DROP, _DROP_BODY, "void"),
            (FORGET, _FORGET_BODY, "bigint"),
        ):  # fmt: skip
            cursor.execute(_HEAD.format(name=name, returns=returns) + body)
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


def forget_actors(schema_name: str) -> int:
    """Take names out of a log that are older than two years; return out of how many entries."""
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{FORGET}(%s)", [schema_name])
        return int(cursor.fetchone()[0])


def _call(name: str, schema_name: str) -> None:
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{name}(%s)", [schema_name])
