"""Dates as an Atom feed: what was announced, moved or cancelled last."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from directory.events.models import Event
from directory.events.questions import Change
from wiq.tenancy import connection
from wiq.web.feeds import InLanguages
from wiq.web.hosts import absolute
from wiq.web.templatetags.wiq_text import said

SIZE = 30


class DatesFeed(Feed):
    """What is coming as an Atom feed (RFC 4287), in the language of its address."""

    feed_type = InLanguages

    def title(self) -> str:
        return f"{_('Termine')} – {connection.tenant.name}"

    def subtitle(self) -> str:
        return _("Wann und wo sich Menschen hier im Quartier treffen.")

    def link(self) -> str:
        return absolute(reverse("events:list"))

    def feed_url(self) -> str:
        return absolute(reverse("events:feed"))

    def feed_guid(self) -> str:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'wiq:{connection.schema_name}:dates')}"

    def author_name(self) -> str:
        return f"Wir im Quartier – {connection.tenant.name}"

    def items(self) -> list[Event]:
        coming = Event.objects.published().coming().with_dates()
        return list(coming.order_by("-updated_at", "-pk")[:SIZE])

    def item_title(self, item: Event) -> str:
        title = said(item, "title").text
        return _("Fällt aus: %s") % title if _is_off(item) else title

    def item_description(self, item: Event) -> str:
        # A feed's summary is HTML (RFC 4287, 3.1.1), so plain text and its breaks are converted.
        told = [item.word, _when(item), item.place, said(item, "text").text]
        return str(linebreaks("\n\n".join(filter(None, told)), autoescape=True))

    def item_extra_kwargs(self, item: Event) -> dict[str, Any]:
        title, text = said(item, "title"), said(item, "text")
        return {"languages": {"title": title.language, "summary": text.language}}

    def item_link(self, item: Event) -> str:
        return absolute(reverse("events:event", args=[item.pk]))

    def item_guid(self, item: Event) -> str:
        # Of the event alone: a new name or host makes no news (RFC 4287, 4.2.6).
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, item.uid)}"

    def item_updateddate(self, item: Event) -> datetime:
        return item.updated_at


def _is_off(event: Event) -> bool:
    """Tell whether nothing of an event takes place: cancelled as a whole, or each date of it."""
    rows = event.occurrences.all()
    return event.is_cancelled or all(row.change == Change.CANCELLED for row in rows)


def _when(event: Event) -> str:
    """Return when an event takes place, in words: its rhythm, or its one day."""
    if event.rule:
        return f"{event.rhythm}, {time_format(event.time, 'TIME_FORMAT')}"
    told = [
        f"{date_format(row.day, 'l')}, {date_format(row.day, 'DATE_FORMAT')}, "
        f"{time_format(row.time, 'TIME_FORMAT')}"
        for row in event.occurrences.all()
    ]
    return ", ".join(told)
