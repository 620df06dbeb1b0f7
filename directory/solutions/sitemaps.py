"""The pages of solution teams, for search engines."""

from datetime import date
from typing import Any

from django.urls import reverse

from directory.solutions.models import SolutionTeam
from wiq.web.robots import InBothLanguages, sitemaps


@sitemaps.register
class SolutionTeams(InBothLanguages):
    """The solution teams."""

    def items(self) -> Any:
        return SolutionTeam.objects.published().order_by("pk")

    def location(self, item: SolutionTeam) -> str:
        return reverse("solutions:team", args=[item.slug])

    def lastmod(self, item: SolutionTeam) -> date:
        return item.last_news_on or item.updated_at.date()
