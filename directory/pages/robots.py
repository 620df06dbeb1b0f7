"""For search engines: robots.txt and the sitemap."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from tenants.districts.requests import DistrictRequest
from wiq.page_cache.cache import public_page
from wiq.rooms import Host, plain_sitemap, sitemap_of
from wiq.web.hosts import absolute
from wiq.web.robots import InBothLanguages, rules_for_robots, sitemaps


@require_safe
def robots(request: DistrictRequest) -> HttpResponse:
    """Serve /robots.txt. It allows demo pages, so that search engines see their noindex."""
    lines = rules_for_robots(Host.DISTRICT)
    if not request.tenant.is_demo:
        lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class Pages(InBothLanguages):
    """The pages that every district has."""

    def items(self) -> list[str]:
        return sitemap_of(Host.DISTRICT)

    def location(self, item: str) -> str:
        return reverse(item)


class InPlainGerman(Sitemap):
    """The pages that exist in plain German."""

    def items(self) -> list[str]:
        return plain_sitemap()

    def location(self, item: str) -> str:
        return reverse(item)


@public_page
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Serve /sitemap.xml (https://www.sitemaps.org/protocol.html)."""
    found: dict[str, Any] = {"pages": Pages, "plain": InPlainGerman} | {
        one.__name__: one for one in sitemaps
    }
    response = sitemap(request, found)
    response.render()
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
]
