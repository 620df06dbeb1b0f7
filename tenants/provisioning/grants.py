"""Rights in the database: a login for web and worker, and a role for every district.

Migrations and the creation of districts run as the owner of the database. Web and worker sign in as
``wiq_app``, which owns nothing and by itself only reaches the public schema. For a district it
switches to the district's role. That role reaches one schema and what ``wiq_district`` may use in
the public one (docs/decisions/0012-role-per-district.md).
"""

from collections.abc import Sequence
from contextlib import suppress

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_tenants.utils import quote_schema_name

from wiq.database import introspection, role_of
from wiq.database.engine import spreads

APP_ROLE = "wiq_app"
# This role holds what every district may do in the public schema.
DISTRICT_ROLE = "wiq_district"
# Only the owner may change or delete rows of these.
APPEND_ONLY = "audit_entry"
OWNERS_ALONE = "django_migrations"
# Stands for a district's schema and role in statements kept for many; no identifier of ours
# contains braces.
NAME = "{district}"
TEMPLATE = "public.provisioning_templatestatement"
# A row says itself whose it is (wiq.database.owned): no other table is asked.
_MINE = "owner = current_user"
_MINE_ALONE = f"{_MINE} AND district_id IS NOT NULL"
ROWS_OF_OWN_DISTRICT = {
    # table: (the condition for a district's own rows, what it may do with them)
    "districts_district": (
        "schema_name = current_user",
        "SELECT, UPDATE (solution_teams, in_menu)",
    ),
    "districts_domain": (_MINE, "SELECT"),
    "outbox_pointer": (_MINE_ALONE, "SELECT, INSERT, UPDATE, DELETE"),
    "calls_waitingcall": (_MINE_ALONE, "SELECT, INSERT, UPDATE, DELETE"),
    "senders_sender": (_MINE_ALONE, "SELECT, INSERT, UPDATE, DELETE"),
    "reputation_report": (_MINE_ALONE, "SELECT, INSERT"),
    "reputation_slowed": (_MINE_ALONE, "SELECT, UPDATE (next_at)"),
}
# What a district may insert: its number and its name must be those of one district.
WRITTEN_BY_DISTRICTS = [
    table for table, (_own, what) in ROWS_OF_OWN_DISTRICT.items() if "INSERT" in what
]
WHOLE_TABLES = {
    "districts_operator": "SELECT",
    # Whom to tell of a weakness (security.txt), on every host.
    "districts_platformoperator": "SELECT",
    "django_content_type": "SELECT",
    # What the mail server has against the whole platform: whoever sends a mail learns of it.
    "outbox_trouble": "SELECT, INSERT, UPDATE, DELETE",
}


class MissingRights(RuntimeError):
    """The login that runs migrations lacks the right to create roles."""


def create_roles() -> None:
    """Create the application's login and the districts' common role if they are missing.

    Raises MissingRights if this login may not create roles.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            raise MissingRights(
                "This database login may not create roles, and every district needs one:"
                " ALTER ROLE … CREATEROLE (docs/operating.md)."
            )
    _create_role(APP_ROLE, "LOGIN")
    _create_role(DISTRICT_ROLE, "NOLOGIN")


def district_options() -> str:
    """Return the options of a district's role.

    Where servers work for each other, one signs in to the other as the district: LOGIN there, but
    without a password, and ``pg_hba.conf`` lets nobody but the servers in (docs/howto/citus.md).
    """
    return "LOGIN" if spreads() else "NOLOGIN"


def _let_sign_in(name: str) -> None:
    """Let a role from before the servers were several sign in to the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND NOT rolcanlogin", [name])
        if cursor.fetchone():
            cursor.execute(f"ALTER ROLE {quote_schema_name(name)} LOGIN")


def _create_role(name: str, options: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone():
            return
    # A migration of another database on the same server may have been faster.
    with (
        suppress(IntegrityError, ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"CREATE ROLE {quote_schema_name(name)} {options}")


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def for_district(name: str, tables: Sequence[str] = (), sequences: Sequence[str] = ()) -> list[str]:
    """Return the grants for a district; ``name`` is its schema and role, quoted.

    Pass its tables and sequences to be fast: "all tables in schema" reads the whole catalogue,
    which grows with every district.
    """
    every = f"IN SCHEMA {name}"
    return [
        f"GRANT {DISTRICT_ROLE} TO {name} WITH INHERIT TRUE, SET FALSE",
        # The login can switch to the role, but does not inherit its rights. So does the owner for
        # commands: all work for a district runs as its role.
        f"GRANT {name} TO {APP_ROLE} WITH INHERIT FALSE, SET TRUE",
        f"GRANT {name} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE",
        f"GRANT USAGE ON SCHEMA {name} TO {name}",
        *_all_tables(
            name,
            name,
            ", ".join(tables) or f"ALL TABLES {every}",
            "SEQUENCE " + ", ".join(sequences) if sequences else f"ALL SEQUENCES {every}",
        ),
    ]


def in_schema(name: str) -> list[str]:
    """Return what a district's role may do in its schema; ``name`` is both, quoted."""
    every = f"IN SCHEMA {name}"
    tables, sequences = f"ALL TABLES {every}", f"ALL SEQUENCES {every}"
    return [f"GRANT USAGE ON SCHEMA {name} TO {name}", *_all_tables(name, name, tables, sequences)]


def grant_district(schema: str) -> None:
    """Let only a district's role work in its schema; call it after every migration."""
    _create_role(role_of(schema), district_options())
    if spreads():
        _let_sign_in(role_of(schema))
    _run(*of_schema(schema, like=schema))


def of_schema(schema: str, *, like: str) -> list[str]:
    """Return all grants of a district's schema, which has the same tables as the schema ``like``.

    The login's own rights are from the time before districts had roles, and are taken away.
    """
    name = quote_schema_name(schema)
    tables, sequences = relations(like, "r"), relations(like, "S")
    return [
        f"REVOKE ALL ON {', '.join(f'{name}.{table}' for table in tables)} FROM {APP_ROLE}",
        f"REVOKE ALL ON SCHEMA {name} FROM {APP_ROLE}",
        *for_district(
            name,
            [f"{name}.{table}" for table in tables],
            [f"{name}.{sequence}" for sequence in sequences],
        ),
    ]


def relations(schema: str, kind: str) -> list[str]:
    """Return a schema's tables (``r``) or sequences (``S``), quoted."""
    with connection.cursor() as cursor:
        found = introspection.relations(cursor, schema)
    return [connection.ops.quote_name(one.name) for one in found if one.kind == kind]


def grant_public() -> None:
    """Let the login work in the public schema, and districts on their own rows there."""
    _run(
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {DISTRICT_ROLE}",
        *_all_tables(
            "public", APP_ROLE, "ALL TABLES IN SCHEMA public", "ALL SEQUENCES IN SCHEMA public"
        ),
        # Only the owner may write what the owner's functions execute.
        f"REVOKE INSERT, UPDATE, DELETE ON {TEMPLATE} FROM {APP_ROLE}",
        *(f"GRANT {what} ON {table} TO {DISTRICT_ROLE}" for table, what in WHOLE_TABLES.items()),
        *(
            f"GRANT {what} ON {table} TO {DISTRICT_ROLE}"
            for table, (_own, what) in ROWS_OF_OWN_DISTRICT.items()
        ),
    )
    name_owners()
    for table, (own, _what) in ROWS_OF_OWN_DISTRICT.items():
        _fence_rows(table, own)
    for table in WRITTEN_BY_DISTRICTS:
        _bind_owner(table)


def _all_tables(name: str, role: str, tables: str, sequences: str) -> list[str]:
    return [
        # UPDATE: an import sets the sequences to continue after the imported keys.
        f"GRANT USAGE, SELECT, UPDATE ON {sequences} TO {role}",
        f"GRANT SELECT ON {tables} TO {role}",
        *written_in(tables, role, name),
    ]


def written_in(tables: str, role: str, name: str = "") -> list[str]:
    """Return what lets a role write into tables of the schema ``name``, or of its own name."""
    schema = name or role
    return [
        f"GRANT INSERT, UPDATE, DELETE ON {tables} TO {role}",
        f"REVOKE UPDATE, DELETE ON {schema}.{APPEND_ONLY} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {schema}.{OWNERS_ALONE} FROM {role}",
    ]


def _fence_rows(table: str, own: str) -> None:
    """Let a district see only its own rows of a public table (row security); applied once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT qual ~ 'SELECT' FROM pg_policies"
            " WHERE schemaname = 'public' AND tablename = %s AND policyname = 'own_rows'",
            [table],
        )
        found = cursor.fetchone()
    if found is not None:
        if found[0]:  # from before a row said whose it is
            _run(f"ALTER POLICY own_rows ON {table} USING ({own})")
        return
    _run(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY platform ON {table} TO {APP_ROLE} USING (true)",
        f"CREATE POLICY own_rows ON {table} TO {DISTRICT_ROLE} USING ({own})",
    )


def name_owners() -> int:
    """Write into rows of districts whose they are; return into how many.

    Those of before, and what an older version writes for a district while it runs beside.
    """
    named = 0
    for table, (own, _what) in ROWS_OF_OWN_DISTRICT.items():
        if _MINE not in own:
            continue
        key = "tenant_id" if table == "districts_domain" else "district_id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET owner = d.schema_name FROM districts_district d"  # noqa: S608
                f" WHERE d.id = {table}.{key} AND {table}.owner IS NULL"
            )
            named += cursor.rowcount
    return named


def _bind_owner(table: str) -> None:
    """Let nobody write the number of one district beside the name of another; applied once.

    A policy that compared both would have to look one of them up.
    """
    name = f"{table}_of_one_district"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        if cursor.fetchone():
            return
    _run(
        "CREATE UNIQUE INDEX IF NOT EXISTS districts_district_role"
        " ON districts_district (id, schema_name)",
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (district_id, owner)"
        " REFERENCES districts_district (id, schema_name) ON DELETE CASCADE",
    )
