"""The one way to fetch an event or a date for somebody."""

from django.http import Http404

from directory.events.models import Event, Occurrence
from directory.people import access as people
from directory.people import short_names
from directory.people.models import Team
from wiq.accounts.models import User


def published_event(number: int) -> Event:
    """Return an event that everybody may see, or answer that it is not there."""
    found = published_or_none(number)
    if found is None:
        raise Http404
    return found


def published_or_none(number: int) -> Event | None:
    """Return an event that everybody may see, if there is one."""
    found: Event | None = Event.objects.published().filter(pk=number).first()
    return found


def published_team(slug: str) -> Team:
    """Return a team that everybody may see; raise Renamed for a former slug, else Http404."""
    found = people.published_or_none(slug)
    if found is None:
        raise Http404
    short_names.lead_on_to(found, slug)
    return found


def may_write(user: User) -> bool:
    """Tell whether an account may announce and change dates."""
    return user.has_perm("events.change_event")


def date_of(event: Event, number: int) -> Occurrence:
    """Return one date of an event, or answer that it is not there."""
    found: Occurrence | None = event.occurrences.filter(pk=number).first()
    if found is None:
        raise Http404
    found.event = event
    return found
