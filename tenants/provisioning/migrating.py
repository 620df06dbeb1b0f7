"""Bringing the schemas to this version: first what all share, then each district by itself.

A district whose migration fails stays as it was, is noted in its row, and holds up no other: the
platform starts without it (docs/decisions/0033-failed-migrations.md).
"""

from dataclasses import dataclass

import structlog
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import schema_context

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import functions, grants, schemas, template
from wiq.database import as_owner
from wiq.logs import redact
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of a district's migration: how many ran, or why it failed."""

    district: District
    count: int
    error: str = ""


def migrate_platform() -> bool:
    """Bring everything to this version that districts share; tell whether the template changed.

    Raises MissingRights, and whatever a migration raises: without this, nothing can start.
    """
    grants.create_roles()
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    grants.grant_public()
    functions.install()
    changed = template.build()
    kit.load_shipped(actor="migration")
    if districts.relock_keys():
        log.info("signing.keys_locked_anew")
    return changed


def migrate(district: District) -> Outcome:
    """Bring one district to this version, all or nothing, and note in its row how it went."""
    try:
        count = schemas.migrate(district)
    except Exception as error:
        words = _words(error)
        log.error("district.migration_failed", schema=district.schema_name, error=words)
        if not connection.in_atomic_block:  # the connection may be what failed
            connection.close_if_unusable_or_obsolete()
        districts.note_failed_migration(district, words)
        return Outcome(district, 0, words)
    if district.is_behind:
        districts.note_mended_migration(district)
    return Outcome(district, count)


def waiting_on_the_platform() -> list[str]:
    """Return the migrations of the public schema that have not run."""
    with schema_context(PUBLIC):
        return _planned()


def waiting_in(schema_name: str) -> list[str]:
    """Return the migrations of a district's schema that have not run."""
    with schema_context(schema_name), as_owner():
        return _planned()


def known_schemas() -> dict[str, str]:
    """Return the schema of each district by its short name, also of tables of an older version."""
    if District._meta.db_table not in connection.introspection.table_names():
        return {}
    return dict(District.objects.holding_data().values_list("slug", "schema_name"))


def _planned() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _words(error: Exception) -> str:
    """Return an error's first line without what residents wrote: the row it quotes, addresses."""
    first = (redact(str(error)).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"
