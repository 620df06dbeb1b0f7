"""For search engines, on the platform's own host."""

from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from wiq.rooms import Host, sitemap_of
from wiq.web.hosts import absolute
from wiq.web.robots import InBothLanguages, rules_for_robots


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Serve /robots.txt."""
    lines = rules_for_robots(Host.PLATFORM)
    lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class Pages(InBothLanguages):
    """The platform's public pages."""

    def items(self) -> list[str]:
        return sitemap_of(Host.PLATFORM)

    def location(self, item: str) -> str:
        return reverse(item)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Serve /sitemap.xml."""
    response = sitemap(request, {"pages": Pages})
    response.render()
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
]
