"""The pages of events, for search engines."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from directory.events.models import Event
from wiq.web.robots import InBothLanguages, sitemaps


@sitemaps.register
class Events(InBothLanguages):
    """The events that are coming."""

    def items(self) -> Any:
        return Event.objects.published().coming()

    def location(self, item: Event) -> str:
        return reverse("events:event", args=[item.pk])

    def lastmod(self, item: Event) -> datetime:
        return item.updated_at
