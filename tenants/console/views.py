"""The platform's own public pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people.choices import Bench
from directory.people.seats import BenchCount, drawing
from tenants.districts.models import District, Domain, State
from wiq.host_names import as_typed
from wiq.page_cache.cache import public_page


def public_districts() -> list[District]:
    """Return the published districts with their hosts, in one query."""
    domains = Domain.objects.filter(
        is_primary=True, tenant__in=District.objects.published()
    ).select_related("tenant")
    found: list[District] = []
    for domain in domains.order_by("tenant__name"):
        district: District = domain.tenant
        district.remember_host(domain.domain)
        found.append(district)
    return found


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Tell whether a host is one of ours, before the proxy gets a certificate for it.

    Caddy's "ask" (https://caddyserver.com/docs/automatic-https#on-demand-tls): 200 means yes.
    """
    host = as_typed(request.GET.get("domain", ""))
    known = host == settings.WIQ_DOMAIN or (
        Domain.objects.filter(domain=host, verified_at__isnull=False)
        .exclude(tenant__state=State.DELETED)
        .exists()
    )
    return HttpResponse(status=200 if known else 404)


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Explain the platform and show where it already runs."""
    found = public_districts()
    count = sum(district.solution_teams for district in found)
    context = {"districts": found, "solution_teams": count}
    return render(request, "console/start.html", context)


@public_page
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Explain what a quarter needs to start, and how that works."""
    benches = [BenchCount(bench, str(bench.label), total=2, unnamed=2) for bench in Bench]
    context = {"nav": "how", "benches": benches, "drawing": drawing(benches)}
    return render(request, "console/how.html", context)


@public_page
@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """List all public districts."""
    context = {"nav": "districts", "districts": public_districts()}
    return render(request, "console/districts.html", context)
