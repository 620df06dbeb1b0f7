"""After a restore: erase again in every district what the ledger says was erased since."""

from collections import defaultdict

import structlog
from django_tenants.utils import tenant_context

from tenants.districts.models import District
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
    done: dict[str, int] = {}
    for district in District.objects.holding_data():
        if district.is_behind:
            continue
        try:
            with tenant_context(district):
                found = replaying.again(lines[district.schema_name])
                services.write()
        except Exception as error:
            log.error(
                "erasures.not_repeated", schema=district.schema_name, error=type(error).__name__
            )
            continue
        if found:
            done[district.slug] = found
    return done
