"""What districts' schemas are looked at for: a migration that failed, tables that differ."""

from collections.abc import Iterator

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import District
from tenants.provisioning import template
from tenants.provisioning.models import Orphan
from wiq.database.engine import spreads
from wiq.doctor.findings import Finding, Look, ill, looks, well

# More are named by `migrate_districts --dry-run`.
NAMED = 10
# For longer, sessions of many districts take up the slots of a worker.
LONGEST_KEPT = 2.0  # seconds
# A group of nodes is numbered; the coordinator's is 0.
# https://docs.citusdata.com/en/stable/develop/api_metadata.html
_SERVERS = """
SELECT (SELECT groupid = 0 FROM pg_catalog.pg_dist_local_group),
    coalesce(current_setting('citus.use_citus_managed_tables', true), 'off') = 'on',
    extract(epoch FROM coalesce(
        current_setting('citus.max_cached_connection_lifetime', true), '10min')::interval)::float"""
_ON_COORDINATOR = """
SELECT n.nspname FROM pg_namespace n WHERE n.nspname ~ '^d_[0-9a-f]{16}$'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema s WHERE s.schemaid = n.oid)
ORDER BY n.nspname"""


def districts() -> Iterator[Finding]:
    """Say which districts are closed after a migration, or differ from the template."""
    behind = [str(row.schema_name) for row in District.objects.behind()[: NAMED + 1]]
    if behind:
        text = _("Geschlossen, weil eine Migration scheiterte: %s") % ", ".join(behind[:NAMED])
        yield ill(text, _("migrate_districts --district SLUG; den Grund nennt die Konsole."))
    odd = template.differences()
    for schema, difference in list(odd.items())[:NAMED]:
        text = _("%(schema)s hat andere Tabellen als die Vorlage: %(difference)s") % {
            "schema": schema, "difference": difference,
        }  # fmt: skip
        yield ill(
            text, _("migrate_districts laufen lassen; bleibt es so, siehe docs/howto/runbook.md.")
        )
    if not behind and not odd:
        yield well(
            _("Alle Quartiere (%d) haben die Tabellen dieser Version.") % District.objects.count()
        )


def orphans() -> Iterator[Finding]:
    """Say which schemas no district claims (tenants.provisioning.orphans)."""
    for orphan in Orphan.objects.order_by("since")[:NAMED]:
        text = _("Das Schema %(schema)s gehört seit %(since)s zu keinem Quartier.") % {
            "schema": orphan.schema_name,
            "since": date_format(orphan.since, "SHORT_DATE_FORMAT"),
        }
        yield ill(
            text,
            _(
                "Nach einer Wiederherstellung fehlt vielleicht die Zeile des Quartiers: "
                "docs/howto/runbook.md, orphans.schema_found. Nach zwei Wochen wird es gelöscht."
            ),
        )


def servers() -> Iterator[Finding]:
    """Say how districts are spread over several servers; nothing where there is one.

    Advisory locks and the making of districts belong to the coordinator (decision 91).
    """
    if not spreads():
        return
    with connection.cursor() as cursor:
        cursor.execute(_SERVERS)
        is_coordinator, manages_tables, keeps_seconds = cursor.fetchone()
        cursor.execute(_ON_COORDINATOR)
        waiting = [name for (name,) in cursor.fetchall()]
    setting = _("Einstellen, wie es in docs/howto/citus.md steht.")
    if not is_coordinator:
        yield ill(
            _("Die Anmeldung führt zu einem Worker von Citus."),
            _("DATABASE_URL auf den Koordinator richten: docs/howto/citus.md."),
        )
    if not manages_tables:
        yield ill(_("citus.use_citus_managed_tables ist nicht eingeschaltet."), setting)
    if not 0 <= keeps_seconds <= LONGEST_KEPT:
        yield ill(_("citus.max_cached_connection_lifetime ist länger als 2 Sekunden."), setting)
    if waiting:
        text = _("Quartiere, die noch auf dem Koordinator liegen: %s.") % ", ".join(waiting[:NAMED])
        yield ill(text, _("migrate_districts verteilt sie."))
    if is_coordinator and manages_tables and not waiting:
        yield well(_("Citus verteilt alle Quartiere."))


def all_of_them() -> Iterator[Finding]:
    """Look at districts, at schemas without one, and at the servers they stand on."""
    yield from districts()
    yield from orphans()
    yield from servers()


looks.register(Look(35, gettext_lazy("Quartiere"), all_of_them))
