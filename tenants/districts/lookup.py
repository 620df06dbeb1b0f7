"""From a host name to its district, through a short cache that a change empties at once."""

import uuid

from django.core.cache import caches
from django_tenants.utils import schema_context

from tenants.districts.models import District, Domain
from wiq.tenancy import PUBLIC
from wiq.web.page_version import GENERATION, renew_everything

TTL_SECONDS = 30


def find(host: str) -> District | None:
    """Return the district of a host (lower case, no port), or None.

    An entry carries the generation it was read under. ``forget_all`` starts a new generation, so
    that a slow reader can't put back what was just forgotten.
    """
    cache = caches["platform"]
    key = f"host:{host}"
    known = cache.get_many([GENERATION, key])
    generation = known.get(GENERATION)
    if generation is not None and key in known and known[key][0] == generation:
        cached: District = known[key][1]
        return cached
    if generation is None:
        generation = uuid.uuid4().hex
        cache.add(GENERATION, generation, None)
        generation = cache.get(GENERATION)
    with schema_context(PUBLIC):
        domain = Domain.objects.select_related("tenant__operator").filter(domain=host).first()
        if domain is None:
            return None
        district: District = domain.tenant
        if domain.is_primary:
            district.remember_host(domain.domain)
    if generation is not None:
        cache.set(key, (generation, district), TTL_SECONDS)
    return district


def forget_all() -> None:
    """Make every cached host be asked for anew; call it after the change is committed."""
    renew_everything()
