"""After a restore: erase again in every district what the ledger says was erased since."""

from collections import defaultdict

import structlog
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.provisioning.connections import over_several
from wiq.erasures import ledger, replaying, services

log = structlog.get_logger(__name__)


def repeat_all() -> dict[str, int]:
    """Bring all districts to what the ledger says; return how much was missing, by slug.

    A district in which that fails keeps the readiness page at 503 and holds up no other. What the
    ledger lacks of a district is written into it.
    """
    lines: dict[str, list[ledger.Line]] = defaultdict(list)
    try:
        for line in ledger.lines():
            lines[line.schema].append(line)
    except OSError as error:  # the readiness page says so, too
        log.error("erasures.ledger_away", error=type(error).__name__)
        return {}
    districts = [one for one in District.objects.holding_data() if not one.is_behind]
    found = over_several(lambda one: _repeat(one, lines.get(one.schema_name, [])), districts)
    return {slug: count for slug, count in found if count}


def _repeat(district: District, lines: list[ledger.Line]) -> tuple[str, int]:
    """Bring one district to what the ledger says; return its slug and how much was missing."""
    count = 0
    try:
        with tenant_context(district):
            count = replaying.again(lines)
            services.write()
    except Exception as error:
        log.error("erasures.not_repeated", schema=district.schema_name, error=type(error).__name__)
    return district.slug, count
