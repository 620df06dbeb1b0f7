"""From a host name to its district, through a short cache that a change empties at once."""

import uuid

from django.core.cache import caches
from django_tenants.utils import schema_context

from tenants.districts.models import District, Domain
from wiq.tenancy import PUBLIC

TTL_SECONDS = 30
_GENERATION = "generation"


def find(host: str) -> District | None:
    """Return the district of a host (lower case, no port), or None.

    An entry carries the generation it was read under. ``forget_all`` starts a new generation, so
    that a slow reader can't put back what was just forgotten.
    """
    cache = caches["platform"]
    key = f"host:{host}"
    known = cache.get_many([_GENERATION, key])
    generation = known.get(_GENERATION)
    if generation is not None and key in known and known[key][0] == generation:
        cached: District = known[key][1]
        return cached
    if generation is None:
        generation = uuid.uuid4().hex
        cache.add(_GENERATION, generation, None)
        generation = cache.get(_GENERATION)
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
    caches["platform"].set(_GENERATION, uuid.uuid4().hex, None)
