"""Who is behind WiQ here: all teams, one team, and a person's picture."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people import access
from directory.people.models import Person, Team
from directory.people.seats import composition
from wiq.tenancy import connection
from wiq.web.errors import error_response


def with_composition(team: Team) -> Team:
    """Give a fetched team the counts of its seats, bench by bench."""
    team.benches = composition(team.shown_seats)  # type: ignore[attr-defined]
    return team


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Show every team with what it does and who is in it."""
    found = [with_composition(team) for team in Team.objects.published().with_people()]
    return render(request, "people/teams.html", {"teams": found, "nav": "people"})


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one team."""
    found = with_composition(access.published_team(slug))
    return render(request, "people/team.html", {"team": found, "nav": "people"})


@require_safe
def portrait(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    """Give the picture of a person who agreed to it; the file itself has no address."""
    if request.tenant.state != "published":  # type: ignore[attr-defined]
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
    may_see = request.user.is_authenticated and request.user.has_perm("people.view_person")
    stored = f"portraits/{name}"
    if not may_see or schema != connection.schema_name:
        raise Http404
    if not Person.objects.filter(portrait=stored).exists():
        raise Http404
    response = FileResponse(default_storage.open(stored, "rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response
