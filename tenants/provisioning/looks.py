"""What districts' schemas are looked at for: roles, a migration that failed, other tables."""

from collections.abc import Iterator

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import District
from tenants.provisioning import template
from tenants.provisioning.grants import DISTRICT_ROLE
from tenants.provisioning.models import Orphan
from wiq.database.engine import spreads
from wiq.doctor.findings import Finding, Look, ill, looks, well

# On Citus a district's role signs in at every node, without a password (design of pg_hba there).
ROLES = """
SELECT n.nspname, r.oid IS NOT NULL,
       r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb
       OR (r.rolcanlogin AND to_regproc('citus_version') IS NULL)
       OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid
                  AND m.roleid <> (SELECT oid FROM pg_roles WHERE rolname = %s)),
       pg_has_role(session_user, r.oid, 'SET') AND has_schema_privilege(r.oid, n.oid, 'USAGE')
FROM pg_namespace n LEFT JOIN pg_roles r ON r.rolname = n.nspname
WHERE n.nspname ~ '^d_[0-9a-f]{16}$' ORDER BY n.nspname"""
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


def roles() -> Iterator[Finding]:
    """Say which districts' roles are missing, can do too much, or can't be worked with."""
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [DISTRICT_ROLE])
        found = [(str(schema), _role_trouble(*facts)) for schema, *facts in cursor.fetchall()]
    odd = [(schema, trouble) for schema, trouble in found if trouble]
    for schema, trouble in odd[:NAMED]:
        yield ill(f"{schema}: {trouble}", _("Was dann zu tun ist, steht in docs/howto/runbook.md."))
    if len(odd) > NAMED:
        yield ill(
            _("So auch %d weitere Quartiere.") % (len(odd) - NAMED),
            _("Erst in Ordnung bringen, was oben steht, dann noch einmal nachsehen."),
        )
    if not odd:
        yield well(_("Alle Rollen von Quartieren (%d) dürfen nur, was sie brauchen.") % len(found))


def _role_trouble(is_there: bool, is_mighty: bool, is_usable: bool) -> str:
    if not is_there:
        return _("Die Rolle in der Datenbank fehlt.")
    if is_mighty:
        return _("Die Rolle in der Datenbank darf zu viel.")
    return "" if is_usable else _("Die Rolle in der Datenbank kommt nicht in ihr Schema.")


looks.register(Look(32, gettext_lazy("Rollen"), roles))
looks.register(Look(35, gettext_lazy("Quartiere"), all_of_them))
