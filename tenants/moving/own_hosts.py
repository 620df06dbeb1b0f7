"""When a district's own domain leads to its new place, it becomes its primary address again.

Until somebody changes the DNS or the table of the proxy in front, the domain leads to the former
place, which leads on to the subdomain here. Were the domain primary at once, people would be sent
to and fro between the two.
"""

from datetime import timedelta

import urllib3
from django.utils import timezone
from django_tenants.utils import schema_context

from tenants.districts import domains
from tenants.districts.models import Domain
from tenants.moving import stages
from tenants.moving.models import Move, Stage
from wiq.calls.addresses import addresses_of
from wiq.tenancy import PUBLIC
from wiq.web.hosts import origin

# What each of a district's hosts answers itself; the former place redirects it, too.
ASKED = "/.well-known/security.txt"
SECONDS = 3.0
MOST = 10_000
# So long one looks for it.
LOOKED_FOR = timedelta(days=60)


def follow() -> int:
    """Look at all own domains that are still on their way; return how many lead here by now."""
    with schema_context(PUBLIC):
        since = timezone.now() - LOOKED_FOR
        came = list(Move.objects.filter(stage=Stage.SERVING, changed_at__gt=since))
    return sum(_followed(row) for row in came if row.former.get("own_host"))


def _followed(row: Move) -> bool:
    host = str(row.former["own_host"])
    with schema_context(PUBLIC):
        domain = Domain.objects.filter(tenant_id=row.district_id, domain=host).first()
        if domain is None or domain.is_primary:
            stages.note(row, former={})
            return False
        if not leads_here(host, primary=str(domain.tenant.host)):
            return False
        domains.make_primary(domain, actor="move")
        stages.note(row, former={})
    return True


def leads_here(host: str, *, primary: str) -> bool:
    """Tell whether a host is answered by the district here whose ``primary`` host is given.

    Any other page that answers there, a parked domain for instance, names another address.
    """
    try:
        addresses_of(host)
        answer = urllib3.request(
            "GET", f"{origin(host)}{ASKED}", redirect=False, retries=False, timeout=SECONDS,
            preload_content=False,
        )  # fmt: skip
        said = answer.read(MOST).decode(errors="replace").splitlines()
        answer.release_conn()
    except (OSError, urllib3.exceptions.HTTPError):
        return False
    return answer.status == 200 and f"Canonical: {origin(primary)}{ASKED}" in said
