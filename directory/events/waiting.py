"""Open tasks about dates."""

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.events.models import Event
from wiq.admin.waiting import Asked, Task, change_url, list_url, pile_of, waits


@waits(place=144, permission="events.change_event")
def dates_without_place(request: HttpRequest) -> Asked:
    """Dates that are coming, and nobody has said where."""
    rows = Event.objects.coming().without_place().order_by("day", "pk")
    url = list_url("events_event", "?wann=ohne-ort")
    return pile_of(
        _("Termine ohne Ort"), rows, _placeless, fields=("title", "day"), url=url,
        act=_("Ort nennen"),
    )  # fmt: skip


def _placeless(event: Event) -> Task:
    words = _("ab %s") % date_format(event.day, "DATE_FORMAT")
    return Task(event.title, words, change_url("events_event", event.pk))
