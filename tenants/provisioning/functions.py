"""The SQL functions with which web and worker do what only the owner may.

They create and remove a district's schema, and take old names out of a log. All run with the
owner's rights (SECURITY DEFINER). They accept only a generated name, and run only what is written
here or in the template, which only the owner can change.
See https://www.postgresql.org/docs/18/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
"""

from django.db import connection
from django_tenants.utils import schema_context

from tenants.provisioning.grants import APP_ROLE, NAME, in_schema, written_in
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
SWAP = "wiq_swap_district"
CREATE, DROP, FORGET = "wiq_create_district", "wiq_drop_district", "wiq_forget_actors"
HOLD, RELEASE = "wiq_hold_district", "wiq_release_district"
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


# By pg_depend: "all tables in schema" reads the whole catalogue, which grows with every district.
_TABLES_OF_WANTED = """
    SELECT string_agg(format('%I.%I', wanted, c.relname), ', ') INTO tables
        FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
        WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass
        AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = wanted)
        AND c.relkind = 'r';
"""
# From the commit on, nobody writes into the schema: each statement asks for its right anew, also
# one that waited for a lock, or was prepared before.
_HOLD_BODY = f"""
DECLARE tables text;
BEGIN
    {_CHECK}
    {_TABLES_OF_WANTED}
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %s FROM %I', tables, wanted);
END $function$"""
_RELEASE_BODY = f"""
DECLARE tables text;
BEGIN
    {_CHECK}
    {_TABLES_OF_WANTED}
{{GRANTS}}
END $function$"""

# Everybody who works in one of the two is waited for: no write is lost between them. What reads
# meanwhile waits, and finds the tables that have the name afterwards.
_SWAP_BODY = """
DECLARE
    tables text; pair record; old_schema text := 'wiq_swapped_' || txid_current();
BEGIN
    IF own !~ '^d_[0-9a-f]{16}$' OR beside !~ '^d_[0-9a-f]{16}$' OR NOT EXISTS (
        SELECT FROM public.provisioning_beside b
        JOIN public.districts_district d ON d.id = b.district_id
        WHERE b.schema_name = beside AND d.schema_name = own
    ) OR EXISTS (SELECT FROM public.districts_district WHERE schema_name = beside) THEN
        RAISE EXCEPTION 'not to be swapped: %, %', own, beside;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname)
        INTO tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN (own, beside) AND c.relkind = 'r';
    EXECUTE 'LOCK TABLE ' || tables || ' IN ACCESS EXCLUSIVE MODE';
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', own, old_schema);
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', beside, own);
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', old_schema, beside);
    FOR pair IN SELECT * FROM (VALUES (own, beside), (beside, own)) AS v (mine, theirs) LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', pair.mine, pair.theirs);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', pair.mine, pair.theirs);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %I', pair.mine, pair.theirs);
{GRANTS}
    END LOOP;
END $function$"""


def _swap_body() -> str:
    """Return the function that swaps two schemas; each role gets what it had in the other one."""
    grants = (
        f"        EXECUTE replace($words${statement}$words$, '{NAME}', quote_ident(pair.mine));"
        for statement in in_schema(NAME)
    )
    return _SWAP_BODY.replace("{GRANTS}", "\n".join(grants))


def _release_body() -> str:
    """Return the function that gives a district's role back what it may write in its schema."""
    grants = (
        f"    EXECUTE format($words${statement}$words$, tables, wanted);"
        for statement in written_in("%1$s", "%2$I")
    )
    return _RELEASE_BODY.replace("{GRANTS}", "\n".join(grants))


def install() -> None:
    """Create or update the functions. Owner only."""
    with schema_context(PUBLIC), as_owner(), connection.cursor() as cursor:
        for name, body, returns in (
            (CREATE, _CREATE_BODY, "void"), (DROP, _DROP_BODY, "void"),
            (FORGET, _FORGET_BODY, "bigint"), (HOLD, _HOLD_BODY, "void"),
            (RELEASE, _release_body(), "void"),
        ):  # fmt: skip
            cursor.execute(_HEAD.format(name=name, returns=returns) + body)
            cursor.execute(f"REVOKE ALL ON FUNCTION public.{name}(text) FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION public.{name}(text) TO {APP_ROLE}")
        head = _HEAD.replace("wanted text", "own text, beside text")
        cursor.execute(head.format(name=SWAP, returns="void") + _swap_body())
        cursor.execute(f"REVOKE ALL ON FUNCTION public.{SWAP}(text, text) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION public.{SWAP}(text, text) TO {APP_ROLE}")


def create_schema(schema_name: str) -> None:
    """Create a schema like the template, with its role, in the caller's transaction."""
    _call(CREATE, schema_name)


def drop_schema(schema_name: str) -> None:
    """Remove a schema and its role, if they exist, in the caller's transaction.

    Raises ProgrammingError while there is a district with that schema.
    """
    _call(DROP, schema_name)


def hold(schema_name: str) -> None:
    """Let nobody write into a district's schema any more, from the caller's commit on.

    What already writes there goes on until its next statement; whoever needs to know waits for it.
    """
    _call(HOLD, schema_name)


def release(schema_name: str) -> None:
    """Let a district's role write into its schema again."""
    _call(RELEASE, schema_name)


def swap_schemas(own: str, beside: str) -> None:
    """Let the schema beside a district's become its own, and its own one stand beside.

    In the caller's transaction, which should say how long it waits for whoever works there.
    """
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{SWAP}(%s, %s)", [own, beside])


def forget_actors(schema_name: str) -> int:
    """Take names out of a log that are older than two years; return out of how many entries."""
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{FORGET}(%s)", [schema_name])
        return int(cursor.fetchone()[0])


def _call(name: str, schema_name: str) -> None:
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{name}(%s)", [schema_name])
