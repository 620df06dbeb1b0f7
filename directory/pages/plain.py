"""The start page in plain German (Einfache Sprache)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.page_cache.cache import public_page

TEAMS = 8


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Explain WiQ in short sentences: its people, its current work, how to write or call."""
    running = SolutionTeam.objects.in_states(["running", "operating"]).by_latest_news()
    context = {
        "solution_teams": running[:TEAMS],
        "count": SolutionTeam.objects.published().count(),
        "support": Team.objects.published().support().with_people().first(),
    }
    return render(request, "pages/plain_start.html", context)
