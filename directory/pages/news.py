"""News: updates and new states of solution teams, as a page and as an Atom feed."""

import uuid
from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.solutions.models.timeline import named_states, news
from wiq.page_cache.cache import public_page
from wiq.paging import Pages
from wiq.tenancy import connection
from wiq.web.feeds import InLanguages
from wiq.web.hosts import absolute
from wiq.web.templatetags.wiq_text import said

PAGE_SIZE, FEED_SIZE = 20, 30


@public_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the news, page by page."""
    pages = Pages(news(), PAGE_SIZE)
    found = pages.get_page(request.GET.get("seite"))
    context = {"nav": "news", "page": found, "entries": named_states(found.object_list)}
    return render(request, "pages/news.html", context)


class NewsFeed(Feed):
    """The news as an Atom feed (RFC 4287), in the language of its address."""

    feed_type = InLanguages

    def title(self) -> str:
        return f"Wir im Quartier – {connection.tenant.name}"

    def subtitle(self) -> str:
        return _("Neues von den Lösungsteams")

    def link(self) -> str:
        return absolute(reverse("pages:news"))

    def feed_url(self) -> str:
        return absolute(reverse("pages:feed"))

    def feed_guid(self) -> str:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'wiq:{connection.schema_name}:news')}"

    def author_name(self) -> str:
        return self.title()

    def items(self) -> list[dict[str, Any]]:
        return named_states(news()[:FEED_SIZE])

    def item_title(self, item: dict[str, Any]) -> str:
        if item["kind"] == "state":
            return f"{item['team_name']}: {item['state']}"
        return str(item["team_name"])

    def item_description(self, item: dict[str, Any]) -> str:
        # A feed's summary is HTML (RFC 4287, 3.1.1), so plain text and its breaks are converted.
        return str(linebreaks(said(item, "words").text, autoescape=True))

    def item_extra_kwargs(self, item: dict[str, Any]) -> dict[str, Any]:
        # A team's name is German, however its news is told.
        return {"languages": {"title": "de", "summary": said(item, "words").language}}

    def item_link(self, item: dict[str, Any]) -> str:
        return absolute(reverse("solutions:team", args=[item["team_slug"]]))

    def item_guid(self, item: dict[str, Any]) -> str:
        # Of the row alone: a new name or host makes no news (RFC 4287, 4.2.6).
        return f"urn:uuid:{item['item_id']}"

    def item_updateddate(self, item: dict[str, Any]) -> datetime:
        return timezone.make_aware(datetime.combine(item["day"], time.min))


@public_page
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the Atom feed."""
    return NewsFeed()(request)
