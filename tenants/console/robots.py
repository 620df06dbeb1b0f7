"""For search engines, on the platform's own host."""

from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from directory.pages.robots import InBothLanguages
from wiq.web.hosts import absolute

CLOSED = ("/plattform/", "/anmelden/", "/api/", "/intern/", "/health/", "/postfach/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer /robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class Pages(InBothLanguages):
    """The platform's public pages."""

    def items(self) -> list[str]:
        return [
            *("console:start", "console:how", "console:districts"),
            *("catalogue", "applications:form"),
        ]

    def location(self, item: str) -> str:
        return reverse(item)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Answer /sitemap.xml."""
    response = sitemap(request, {"pages": Pages})
    response.render()
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
]
