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
    return _repeat_in(_standing(), _lines())


def repeat_named() -> dict[str, int]:
    """As ``repeat_all``, but look only into districts that the ledger names: at every start.

    With 2,000 districts a look into each took longer than all else that a start finds done. What
    the ledger lacks is written into it at night.
    """
    lines = _lines()
    return _repeat_in([one for one in _standing() if one.schema_name in lines], lines)


def _standing() -> list[District]:
    return [one for one in District.objects.holding_data() if not one.is_behind]


def _lines() -> dict[str, list[ledger.Line]]:
    """Return what the ledger says, by schema; nothing where it is away."""
    lines: dict[str, list[ledger.Line]] = defaultdict(list)
    try:
        for line in ledger.lines():
            lines[line.schema].append(line)
    except OSError as error:  # the readiness page says so, too
        log.error("erasures.ledger_away", error=type(error).__name__)
        return {}
    return lines


def _repeat_in(districts: list[District], lines: dict[str, list[ledger.Line]]) -> dict[str, int]:
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
