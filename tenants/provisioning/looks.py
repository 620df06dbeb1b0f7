"""What districts' schemas are looked at for: a migration that failed, tables that differ."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import District
from tenants.provisioning import template
from tenants.provisioning.models import Orphan
from wiq.doctor.findings import Finding, Look, ill, looks, well

# More are named by `migrate_districts --dry-run`.
NAMED = 10


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


def all_of_them() -> Iterator[Finding]:
    """Look at districts, and at schemas without one."""
    yield from districts()
    yield from orphans()


looks.register(Look(35, gettext_lazy("Quartiere"), all_of_them))
