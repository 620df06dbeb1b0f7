"""The list of solution teams to embed in other websites: in a frame, without a cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from directory.people import short_names
from directory.solutions.models import SolutionTeam, Topic
from wiq.page_cache.cache import public_page
from wiq.web.content_policy import replace

MOST = 100


@xframe_options_exempt
@public_page
@require_safe
def solution_teams(request: HttpRequest) -> HttpResponse:
    """List the public solution teams, of one topic (``?fokus=``) or of all.

    Only this path may be framed by any site; its links open the district's own pages.
    """
    slug = request.GET.get("fokus", "")
    topic = Topic.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if topic is None:
        short_names.lead_on(Topic.objects.all(), slug)
    found = SolutionTeam.objects.published().with_topics().by_latest_news()
    if slug:
        found = found.about([slug])
    response = render(request, "pages/embedded.html", {"teams": found[:MOST], "topic": topic})
    replace(response, {"frame-ancestors": ["*"]})
    return response
