"""The template: the SQL of a district's schema, stored and replayed for each new one.

``build`` migrates a schema without a district and stores its contents as statements, according to
PostgreSQL's catalogue. A database function replays these statements under a new name. It runs with
the owner's rights, so that web and worker can create a district but nothing else
(docs/decisions/0013-template.md).
"""

import hashlib
import re
from contextlib import nullcontext

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import quote_schema_name, schema_context

from tenants.provisioning import grants, schemas, tables
from tenants.provisioning.grants import NAME
from tenants.provisioning.models import Beside, TemplateStatement
from wiq.database import as_owner
from wiq.tenancy import PUBLIC

SCHEMA = "wiq_template"

_CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")

_SEEN = """
    SELECT string_agg(format('(%L, %L, now())', app, name), ', ' ORDER BY id)
    FROM wiq_template.django_migrations"""


def describe(schema: str) -> list[str]:
    """Return the statements that create the tables of a schema, without the schema's name.

    Columns, defaults, constraints and indexes, each with its name. Every foreign key is a statement
    of its own, so that what differs can be named.
    """
    found, indexes = tables.read(schema)
    foreign = [one.pointing(key) for one in found for key in one.foreign]
    return [*(one.made() for one in found), *indexes, *foreign]


def comparable(statements: list[str]) -> list[str]:
    """Return statements in a normal form, so that equivalent ones are equal.

    PostgreSQL prints the casts in a list of words differently, depending on whether the list was
    typed or restored from a dump.
    """
    return [_CASTS.sub("", statement) for statement in statements]


def _migrations() -> str:
    """Return the statement that records the template's migrations as applied."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN)
        rows = cursor.fetchone()[0]
    return f"INSERT INTO django_migrations (app, name, applied) VALUES {rows}"  # noqa: S608


def _version(executor: MigrationExecutor) -> str:
    """Return a digest that changes with migrations, grants, engine and the way of replaying."""
    leaves = " ".join(f"{app}.{name}" for app, name in sorted(executor.loader.graph.leaf_nodes()))
    rights = grants.for_district(NAME, ["tables"], ["sequences"])
    words = "\n".join((tables.WAY, leaves, grants.district_options(), *rights))
    return hashlib.sha256(words.encode()).hexdigest()


def _let_the_application_look() -> None:
    """Let the worker compare districts with the template at night, without access to its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {grants.APP_ROLE}")


def _migrated() -> None:
    """Bring the template's schema to this version, as a district's; make it anew if it can't be.

    In a transaction, unless one of the migrations says that it can't be (``atomic = False``).
    """
    loader = MigrationExecutor(connection).loader
    whole = all(migration.atomic for migration in loader.disk_migrations.values())
    with transaction.atomic() if whole else nullcontext():
        if not _is_an_older_version():
            _make_anew()
        with schema_context(SCHEMA):
            executor = MigrationExecutor(connection, progress_callback=schemas.check_now)
            leaves = executor.loader.graph.leaf_nodes()
            executor.migrate(leaves, executor.migration_plan(leaves))


def _is_an_older_version() -> bool:
    """Tell whether all that ran in the template is still known to this version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.django_migrations"])
        if cursor.fetchone()[0] is None:
            return False
    with schema_context(SCHEMA):
        loader = MigrationExecutor(connection).loader
        return set(loader.applied_migrations) <= set(loader.graph.nodes)


def _make_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {grants.APP_ROLE}")


def build() -> bool:
    """Update the template to this version; tell whether it changed. Owner only."""
    with schema_context(PUBLIC), as_owner():
        _let_the_application_look()
        version = _version(MigrationExecutor(connection))
        known = TemplateStatement.objects.filter(position=0).values_list("words", flat=True)
        if known.first() == f"-- {version}":
            return False
        _migrated()
        role = quote_schema_name(NAME)
        statements = [
            f"-- {version}",
            f"CREATE SCHEMA {role}",
            f"CREATE ROLE {role} {grants.district_options()}",
            *tables.in_few_steps(*tables.read(SCHEMA)),
            _migrations(),
            *grants.for_district(
                role, grants.relations(SCHEMA, "r"), grants.relations(SCHEMA, "S")
            ),
        ]
        with transaction.atomic():
            TemplateStatement.objects.all().delete()
            TemplateStatement.objects.bulk_create(
                TemplateStatement(position=number, words=words)
                for number, words in enumerate(statements)
            )
    return True


def differences() -> dict[str, str]:
    """Return the schemas that differ from the template, with their first difference."""
    wanted = comparable(describe(SCHEMA))
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ '^d_[0-9a-f]{16}$' ORDER BY nspname"
        )
        schemas = [name for (name,) in cursor.fetchall()]
    # What is kept beside a district stays as it was (tenants.restoring).
    beside = set(Beside.objects.values_list("schema_name", flat=True))
    for schema in sorted(set(schemas) - beside):
        there = comparable(describe(schema))
        if there != wanted:
            odd = sorted(set(there) ^ set(wanted))
            found[schema] = odd[0] if odd else "the order"
    return found
