"""The start page of a district, and its glossary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from directory.pages.models import Text
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from directory.solutions.models.timeline import news
from directory.solutions.views import named_states
from wiq.web.page_cache import public_page

NEWS, TEAMS = 3, 6


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what WiQ is here, whom to write to or call, what runs now and who stands behind it."""
    district = request.tenant  # type: ignore[attr-defined]
    english = get_language() == "en" and district.intro_en
    going_on = SolutionTeam.objects.in_states(["running", "operating"]).with_topics()
    context = {
        "intro": district.intro_en if english else district.intro,
        "intro_language": "en" if english else "de",
        "solution_teams": going_on.by_latest_news()[:TEAMS],
        "news": named_states(news()[:NEWS]),
        "teams": Team.objects.published(),
    }
    return render(request, "pages/start.html", context)


@public_page
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Explain the words that are used here."""
    return render(request, "pages/glossary.html", {"words": Text.objects.glossary()})
