"""The start page of a district, and its glossary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import normalize_newlines
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from directory.pages import linked_data, swarm
from directory.pages.models import Text
from directory.people import access
from directory.people.models import Team
from directory.solutions.choices import TeamState
from directory.solutions.models import SolutionTeam
from directory.solutions.models.timeline import named_states, news
from tenants.districts.requests import DistrictRequest
from wiq.page_cache.cache import public_page

NEWS, TEAMS = 3, 6
GOING_ON = (TeamState.RUNNING, TeamState.OPERATING)


@public_page
@require_safe
def start(request: DistrictRequest) -> HttpResponse:
    """Explain WiQ in this district: whom to contact, what is going on and who is responsible."""
    district = request.tenant
    english = get_language() == "en" and district.intro_en
    intro = normalize_newlines(district.intro_en if english else district.intro)
    # The visitor's actions follow the first paragraph: further down they are off a phone's screen.
    first, _end, rest = intro.strip().partition("\n\n")
    teams = list(Team.objects.published().with_people())
    public = SolutionTeam.objects.published().with_topics().with_member_list()
    flock = list(public.with_seniority().by_latest_news()[: swarm.BIRDS_MOST])
    by_age = sorted(flock, key=lambda team: team.seniority)
    context = {
        "intro": first,
        "more_intro": rest,
        "intro_language": "en" if english else "de",
        "solution_teams": [team for team in flock if team.state in GOING_ON][:TEAMS],
        "news": named_states(news()[:NEWS]),
        "teams": teams,
        "support": access.support_among(teams),
        "swarm": None if district.header_picture else swarm.sketch(teams, by_age),
        "linked_data": linked_data.of_district(district),
    }
    return render(request, "pages/start.html", context)


@public_page
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Explain the words that the pages use."""
    return render(request, "pages/glossary.html", {"words": Text.objects.glossary()})
