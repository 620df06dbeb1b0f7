"""For search engines: what they may read, and where everything is."""

from datetime import date, datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.page_cache.cache import public_page
from wiq.web.hosts import absolute

CLOSED = ("/koordination/", "/anmelden/", "/api/", "/kontakt/bearbeiten/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer /robots.txt. Demo pages stay readable, so that their noindex is seen."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    if not request.tenant.is_demo:  # type: ignore[attr-defined]
        lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class InBothLanguages(Sitemap):
    """Every address with the same one in the other language beside it."""

    i18n = alternates = x_default = True


class Pages(InBothLanguages):
    """The pages every district has."""

    def items(self) -> list[str]:
        return [
            *("pages:start", "pages:who", "solutions:list", "pages:news", "ideas:form"),
            *("contact:form", "pages:glossary", "pages:imprint", "pages:privacy"),
            *("pages:accessibility", "following:form"),
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class InPlainGerman(Sitemap):
    """The pages that are there in plain German."""

    def items(self) -> list[str]:
        return ["plain_start", "plain_contact"]

    def location(self, item: str) -> str:
        return reverse(item)


class Teams(InBothLanguages):
    """The teams."""

    def items(self) -> Any:
        return Team.objects.published()

    def location(self, item: Team) -> str:
        return reverse("people:team", args=[item.slug])

    def lastmod(self, item: Team) -> datetime:
        return item.updated_at


class SolutionTeams(InBothLanguages):
    """The solution teams."""

    def items(self) -> Any:
        return SolutionTeam.objects.published().order_by("pk")

    def location(self, item: SolutionTeam) -> str:
        return reverse("solutions:team", args=[item.slug])

    def lastmod(self, item: SolutionTeam) -> date:
        return item.last_news_on or item.updated_at.date()


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages,
    "plain": InPlainGerman,
    "teams": Teams,
    "solution-teams": SolutionTeams,
}


@public_page
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Answer /sitemap.xml (https://www.sitemaps.org/protocol.html)."""
    response = sitemap(request, SITEMAPS)
    response.render()
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
]
