"""Calendars and the feed of dates: of the district, of one team, of one date alone."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.events import access, calendars
from directory.events.feed import DatesFeed
from directory.events.models import Event, EventQuerySet
from directory.people.models import Team
from directory.solutions import access as solutions
from directory.solutions.models import SolutionTeam
from wiq.page_cache.cache import public_page
from wiq.tenancy import connection


@public_page
@require_safe
def of_district(request: HttpRequest) -> HttpResponse:
    """Answer with the calendar of all dates."""
    name = _("Termine im Quartier %s") % connection.tenant.name
    return _calendar(Event.objects.published(), name, "termine.ics")


@public_page
@require_safe
def of_solution_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the calendar of a solution team."""
    return _of_owner(solutions.published(slug))


@public_page
@require_safe
def of_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the calendar of a team."""
    return _of_owner(access.published_team(slug))


@public_page
@require_safe
def of_event(request: HttpRequest, number: int) -> HttpResponse:
    """Answer with one event and its dates."""
    event = access.published_event(number)
    return _calendar(Event.objects.published().filter(pk=event.pk), event.title, "termin.ics")


@public_page
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the Atom feed of what was announced or changed last."""
    return DatesFeed()(request)


def _of_owner(owner: Team | SolutionTeam) -> HttpResponse:
    name = _("Termine: %s") % owner.name
    return _calendar(Event.objects.published().of(owner), name, "termine.ics")


def _calendar(events: EventQuerySet, name: str, file_name: str) -> HttpResponse:
    content = calendars.written(events.with_dates(), name)
    said = {"Content-Disposition": f'inline; filename="{file_name}"'}
    return HttpResponse(content, content_type=calendars.CONTENT_TYPE, headers=said)
