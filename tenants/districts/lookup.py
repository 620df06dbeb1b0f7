"""From a host name to its district, through a short-lived cache that every change clears."""

from functools import partial

from django.db import transaction
from django_tenants.utils import schema_context

from tenants.districts import kept
from tenants.districts.models import District, Domain, MovedHost, Moving, State
from wiq.page_cache import plain
from wiq.page_cache.version import GENERATION, renew, renew_everything
from wiq.tenancy import PUBLIC

TTL_SECONDS = 30


def _changed(host: str) -> str:
    """Return the key of the stamp that every change of this host's district renews."""
    return f"changed:{host}"


def _kept(host: str) -> str:
    """Return the key of a host's district. Older versions kept a pickle at ``host:…``."""
    return f"district:{host}"


def find(host: str) -> District | None:
    """Return the district of a host (lower case, no port), or None.

    A cached entry carries two stamps from before it was read: one for all hosts, one for its own.
    A change renews a stamp, so that a slow reader can't put an outdated entry back.
    """
    *stamps, text = plain.read([GENERATION, _changed(host), _kept(host)])
    cached = None if text is None or stamps[0] is None else kept.read(text, stamps)
    if cached is not None:
        return cached
    if stamps[0] is None:
        plain.stamp(GENERATION, unless_there=True)
        stamps[0] = plain.read([GENERATION])[0]
    district = _asked(host)
    if district is not None and stamps[0] is not None:
        plain.write(_kept(host), kept.written(stamps, district), TTL_SECONDS)
    return district


def _asked(host: str) -> District | None:
    """Return the district of a host as the database knows it, with what is kept beside it."""
    with schema_context(PUBLIC):
        proven = Domain.objects.filter(domain=host, verified_at__isnull=False)
        domain = proven.select_related("tenant__operator").first()
        if domain is None:
            return None
        district: District = domain.tenant
        if domain.is_primary:
            district.remember_host(domain.domain)
        else:  # queried now, so that the cached row knows it
            _ = district.host
    return district


def answering(host: str) -> District | None:
    """Return the district that answers on a host: not one that is gone, or still arriving."""
    district = find(host)
    if district is None or district.state == State.DELETED or district.moving == Moving.ARRIVING:
        return None
    return district


def moved_to(host: str) -> str:
    """Return the origin where a district of this host answers since it moved away; else empty."""
    with schema_context(PUBLIC):
        found = MovedHost.objects.filter(host=host).values_list("target", flat=True).first()
        return str(found or "")


def forget_all() -> None:
    """Invalidate all cached hosts; call it after the change is committed."""
    renew_everything()


def forget_after_commit(district: District) -> None:
    """Invalidate the cached hosts of one district, its pages and the platform's, after the commit.

    All other districts stay cached: a change in one must not slow down hundreds of others.
    """
    hosts = list(district.domains.values_list("domain", flat=True))
    transaction.on_commit(partial(_forget, hosts, district.schema_name))


def _forget(hosts: list[str], schema_name: str) -> None:
    for host in hosts:
        plain.stamp(_changed(host))
    renew(schema_name)
    renew(PUBLIC)
