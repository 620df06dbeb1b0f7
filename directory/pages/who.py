"""The page about the people of WiQ: the swarm, the video, every team and its people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.pages import swarm
from directory.pages.swarm_names import write_names
from directory.people.models import Team
from directory.people.views import people_in
from directory.solutions.models import SolutionTeam
from directory.videos.elsewhere import allow_frame, video_of
from directory.videos.models import Video
from tenants.districts.requests import DistrictRequest
from wiq.page_cache.cache import public_page


@public_page
@require_safe
def people(request: DistrictRequest) -> HttpResponse:
    """Show the swarm, the video, and every team with its tasks and its people."""
    district = request.tenant
    teams = list(Team.objects.published().with_people())
    flock = (
        SolutionTeam.objects.published()
        .with_member_list()
        .with_seniority()
        .by_age()[: swarm.BIRDS_MOST]
    )
    video = video_of(district)
    picture = swarm.draw(teams, flock)
    context = {
        "nav": "people",
        "people": people_in(teams),
        "teams": teams,
        "swarm": write_names(picture) if picture else None,
        "videos": Video.objects.shown(),
        "elsewhere": video,
    }
    response = render(request, "pages/who.html", context)
    return allow_frame(response, video)
