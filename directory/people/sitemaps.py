"""The pages of teams, for search engines."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from directory.people.models import Team
from wiq.web.robots import InBothLanguages, sitemaps


@sitemaps.register
class Teams(InBothLanguages):
    """The teams."""

    def items(self) -> Any:
        return Team.objects.published()

    def location(self, item: Team) -> str:
        return reverse("people:team", args=[item.slug])

    def lastmod(self, item: Team) -> datetime:
        return item.updated_at
