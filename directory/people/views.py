"""One team, and a person's picture."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people import access, linked_data
from directory.people.models import Person, Team
from wiq.media.responses import picture_response
from wiq.page_cache.cache import public_page


def people_in(teams: Iterable[Team]) -> list[Person]:
    """Return all people who are shown in these teams."""
    return [member.person for team in teams for member in team.shown_memberships]


@public_page
@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one team."""
    found = access.published_team(slug)
    context = {
        "nav": "people",
        "team": found,
        "teams": [found],
        "people": people_in([found]),
        "linked_data": linked_data.of_team(found),
    }
    return render(request, "people/team.html", context)


@require_safe
def portrait(request: HttpRequest, slug: str, small: str = "") -> HttpResponseBase:
    """Serve the portrait of a person who agreed to it; the file has no public address."""
    person = access.shown_person(slug)
    if not person.portrait or not person.portrait_shown:
        raise Http404
    return picture_response(request, str(person.portrait.name), small)
