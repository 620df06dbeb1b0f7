"""What districts' schemas are looked at for: a migration that failed, tables that differ."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import District
from tenants.provisioning import template
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


looks.register(Look(35, gettext_lazy("Quartiere"), districts))
