"""Who is behind WiQ here: all teams, one team, and a person's picture."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people import access
from directory.people.models import Person, Team
from directory.people.seats import composition
from tenants.districts.middleware import is_visible
from wiq.web.errors import error_response
from wiq.web.page_cache import public_page
from wiq.web.pictures import file_at_the_desk


def with_composition(team: Team) -> Team:
    """Give a fetched team the counts of its seats, bench by bench."""
    team.benches = composition(team.shown_seats)  # type: ignore[attr-defined]
    return team


@public_page
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Show every team with what it does and who is in it."""
    found = [with_composition(team) for team in Team.objects.published().with_people()]
    return render(request, "people/teams.html", {"teams": found, "nav": "people"})


@public_page
@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one team."""
    found = with_composition(access.published_team(slug))
    return render(request, "people/team.html", {"team": found, "nav": "people"})


@require_safe
def portrait(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    """Give the picture of a person who agreed to it; the file itself has no address."""
    if not is_visible(request):
        return error_response(request, 404)
    person = access.shown_person(slug)
    if not person.portrait or not person.portrait_shown:  # type: ignore[attr-defined]
        raise Http404
    response = FileResponse(person.portrait.open("rb"))
    # A withdrawn picture is gone at once: nobody in between may keep it.
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def portrait_at_the_desk(request: HttpRequest, schema: str, name: str) -> FileResponse:
    """Give a picture to those who look after people here, whether its person agreed or not."""
    portraits = Person.objects.all()
    return file_at_the_desk(request, schema, f"portraits/{name}", portraits, "portrait")
