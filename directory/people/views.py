"""One team, and a person's picture."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people import access, linked_data
from directory.people.models import Person, Team
from directory.people.seats import composition, drawing
from wiq.media.pictures import picture_response
from wiq.page_cache.cache import public_page


def with_composition(team: Team) -> Team:
    """Give a fetched team the counts of its seats, bench by bench, their drawing, and its size."""
    team.benches = composition(team.shown_seats)  # type: ignore[attr-defined]
    team.drawing = drawing(team.benches)  # type: ignore[attr-defined]
    taken = sum(bench.named + bench.unnamed for bench in team.benches)  # type: ignore[attr-defined]
    team.people = team.size or max(taken, team.member_count)  # type: ignore[attr-defined]
    team.unnamed = max(team.people - len(team.shown_memberships), 0)  # type: ignore[attr-defined]
    return team


def people_in(teams: Iterable[Team]) -> list[Person]:
    """Return everybody who is shown in some fetched teams."""
    return [member.person for team in teams for member in team.shown_memberships]


@public_page
@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one team."""
    found = with_composition(access.published_team(slug))
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
    """Give the picture of a person who agreed to it; the file itself has no address."""
    person = access.shown_person(slug)
    if not person.portrait or not person.portrait_shown:  # type: ignore[attr-defined]
        raise Http404
    return picture_response(request, str(person.portrait.name), small)
