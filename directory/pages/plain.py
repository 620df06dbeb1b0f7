"""The start page in plain German (Einfache Sprache)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.page_cache.cache import public_page

TEAMS = 8
# The states in which people are at work: not paused, not completed.
WORKING = ("running", "operating", "self_sustaining")


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Explain WiQ in short sentences: its people, its current work, how to write or call."""
    working = SolutionTeam.objects.in_states(WORKING)
    context = {
        "solution_teams": working.by_latest_news()[:TEAMS],
        "count": working.count(),
        "support": Team.objects.published().support().with_people().first(),
    }
    return render(request, "pages/plain_start.html", context)
