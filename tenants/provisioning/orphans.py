"""Schemas and roles that no district claims, looked for each night.

A district is made, filled and dropped in several transactions, on Citus on several servers too.
What is under way is written down (``Unfinished``) and taken back from there. What lies about
without a word may be all that a restore of the public schema has left of a district: it is named at
once, and dropped only after two weeks. A role without a schema holds nothing, and goes at once.
"""

from datetime import timedelta

import structlog
from django.db import Error, connection, transaction
from django.db.models.functions import Now

from tenants.districts.models import District
from tenants.provisioning import functions
from tenants.provisioning.locks import held
from tenants.provisioning.models import Beside, Orphan, Unfinished

log = structlog.get_logger(__name__)
# Long enough for whoever restored a backup to notice (docs/howto/runbook.md).
KEPT = timedelta(days=14)
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^d_[0-9a-f]{16}$'"
# Roles are those of the whole server. One that another database knows is a district's of there.
_ROLES = """
SELECT r.rolname FROM pg_roles r WHERE r.rolname ~ '^d_[0-9a-f]{16}$'
    AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = r.rolname)
    AND NOT EXISTS (
        SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass
        AND s.refobjid = r.oid AND s.dbid NOT IN (
            0, (SELECT oid FROM pg_database WHERE datname = current_database())))"""


def sweep() -> int:
    """Name schemas without a district, drop what was named long ago; return how many went."""
    there = _names(_SCHEMAS)
    lost = there - _known()
    Orphan.objects.exclude(schema_name__in=lost).delete()
    for name in sorted(lost):
        _orphan, is_new = Orphan.objects.get_or_create(schema_name=name)
        if is_new:
            log.error("orphans.schema_found", schema=name)
    old = Orphan.objects.filter(since__lte=Now() - KEPT).values_list("schema_name", flat=True)
    gone = sum(_drop(name) for name in [*old, *sorted(_names(_ROLES) - _known())])
    Orphan.objects.exclude(schema_name__in=_names(_SCHEMAS)).delete()
    return gone


def _known() -> set[str]:
    """Return the schemas of districts, and those that somebody works at."""
    return {
        *District.objects.values_list("schema_name", flat=True),
        *Unfinished.objects.values_list("schema_name", flat=True),
        *Beside.objects.values_list("schema_name", flat=True),
    }


def _names(statement: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {name for (name,) in cursor.fetchall()}


def _drop(name: str) -> bool:
    """Drop a schema and its role unless somebody is at it; tell whether they are gone."""
    with held(name) as is_free:
        if not is_free or name in _known():
            return False
        try:
            with transaction.atomic():
                functions.drop_schema(name)
        except Error as error:
            log.error("orphans.stays", schema=name, error=type(error).__name__)
            return False
    log.info("orphans.dropped", schema=name)
    return True
