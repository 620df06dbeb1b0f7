"""Where the schemas of districts stand: which migrations ran, and who may do what there.

Districts that stand alike need the same: at 2,000 districts, asking each for itself takes a minute
(docs/decisions/0080-migrating-in-batches.md).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django_tenants.utils import quote_schema_name, schema_context

from tenants.districts.models import District
from wiq.database import as_owner
from wiq.database.engine import spreads
from wiq.tenancy import PUBLIC

# One statement for each schema, but all in one call: no statement reads the tables of two
# districts, which engines that spread districts over servers refuse.
_FUNCTION = """
CREATE OR REPLACE FUNCTION pg_temp.wiq_migrations(wanted text[])
RETURNS TABLE (schema_name text, digest text) LANGUAGE plpgsql AS $function$
DECLARE each text;
BEGIN
    FOREACH each IN ARRAY wanted LOOP
        IF to_regclass(format('%I.django_migrations', each)) IS NOT NULL THEN
            RETURN QUERY EXECUTE format(
                'SELECT %L::text, sha256(convert_to(string_agg(app || chr(46) || name, chr(32)'
                ' ORDER BY app, name), ''UTF8''))::text FROM %I.django_migrations', each, each);
        END IF;
    END LOOP;
END $function$"""
_MIGRATIONS = "SELECT schema_name, digest FROM pg_temp.wiq_migrations(%s)"
# A schema's own name stands in its rights: without it, equal districts look equal.
_RIGHTS = """
    SELECT n.nspname, sha256(convert_to(
        replace(coalesce(n.nspacl::text, ''), n.nspname, '')
        || string_agg(
            concat_ws(' ', c.relname, c.relkind, replace(c.relacl::text, n.nspname, '')), ','
            ORDER BY c.relname)
        || coalesce((
            SELECT string_agg(
                concat_ws(' ', has.rolname, m.inherit_option, m.set_option), ','
                ORDER BY has.rolname, m.inherit_option, m.set_option)
            FROM pg_auth_members m JOIN pg_roles has ON has.oid = m.roleid
            WHERE m.member = own.oid), '')
        || coalesce((
            SELECT string_agg(
                concat_ws(' ', held_by.rolname, m.inherit_option, m.set_option), ','
                ORDER BY held_by.rolname, m.inherit_option, m.set_option)
            FROM pg_auth_members m JOIN pg_roles held_by ON held_by.oid = m.member
            WHERE m.roleid = own.oid), ''), 'UTF8'))::text
    FROM pg_namespace n
        JOIN pg_depend d ON d.refobjid = n.oid AND d.refclassid = 'pg_namespace'::regclass
            AND d.classid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.objid AND c.relkind IN ('r', 'S')
        LEFT JOIN pg_roles own ON own.rolname = n.nspname
    WHERE n.nspname = ANY(%s)
    GROUP BY n.oid, n.nspname, n.nspacl, own.oid"""


# Where schemas are spread: one statement for each district's table, as the servers want it.
_MIGRATIONS_OF_ONE = """
    SELECT sha256(convert_to(string_agg(app || chr(46) || name, chr(32)
        ORDER BY app, name), 'UTF8'))::text FROM {}.django_migrations"""
_SPREAD = """
    SELECT n.nspname FROM pg_catalog.pg_dist_schema d JOIN pg_namespace n ON n.oid = d.schemaid
    WHERE n.nspname = ANY(%s)"""


@dataclass(frozen=True)
class Standing:
    """Digests of the migrations that ran in a schema, and of the rights in it; "" for none.

    With an engine of several servers also whether it was given to one of them.
    """

    migrations: str = ""
    rights: str = ""
    is_spread: bool = False


def read(schemas: Iterable[str]) -> dict[str, Standing]:
    """Return where each of these schemas stands. Owner only; writes nothing that lasts."""
    wanted = list(schemas)
    with schema_context(PUBLIC), as_owner(), connection.cursor() as cursor:
        migrations = _migrations_one_by_one(wanted) if spreads() else _migrations(wanted)
        cursor.execute(_RIGHTS, [wanted])
        rights = dict(cursor.fetchall())
        spread = _spread(wanted) if spreads() else set()
    return {
        name: Standing(migrations.get(name, ""), rights.get(name, ""), name in spread)
        for name in wanted
    }


def _migrations(wanted: list[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(_MIGRATIONS, [wanted])
        return dict(cursor.fetchall())


def _migrations_one_by_one(wanted: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_namespace n WHERE n.nspname = ANY(%s)"
            " AND to_regclass(format('%%I.django_migrations', n.nspname)) IS NOT NULL",
            [wanted],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(_MIGRATIONS_OF_ONE.format(quote_schema_name(name)))
            found[name] = cursor.fetchone()[0] or ""
    return found


def _spread(wanted: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, [wanted])
        return {name for (name,) in cursor.fetchall()}


def groups(districts: Iterable[District]) -> list[list[District]]:
    """Return districts in groups of those that stand alike, each in the order given."""
    districts = list(districts)
    found = read(district.schema_name for district in districts)
    alike: dict[Standing, list[District]] = defaultdict(list)
    for district in districts:
        alike[found[district.schema_name]].append(district)
    return list(alike.values())
