"""The registry and a solution team's profile."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.people import short_names
from directory.people.participation import parts_from
from directory.solutions import access, linked_data
from directory.solutions.choices import EXPLANATIONS, PUBLIC_STATES, TeamState
from directory.solutions.filters import SORTS, Wishes, registry, topics_and_synonyms
from directory.solutions.models import Picture, SolutionTeamMember, Topic
from directory.solutions.models.timeline import named_states, news
from tenants.districts.requests import DistrictRequest
from wiq.media.responses import picture_response
from wiq.page_cache.cache import public_page
from wiq.paging import Pages
from wiq.web.hosts import absolute

PAGE_SIZE = 24
# Each costs a statement; an honest link has one.
UNKNOWN_MOST = 2


def chosen(wishes: Wishes, topics: Iterable[Topic]) -> list[tuple[str, str]]:
    """Return each chosen topic and state: its name, and the list's query without it."""
    names = {topic.slug: topic.name for topic in topics} | {
        str(state.value): str(state.label) for state in PUBLIC_STATES
    }
    return [
        (names[value], wishes.without(value).query()) for value in (*wishes.topics, *wishes.states)
    ]


def states() -> list[dict[str, str]]:
    """Return each public state with its name and the sentence that explains it."""
    return [
        {"value": state.value, "label": str(state.label), "text": str(EXPLANATIONS[state])}
        for state in PUBLIC_STATES
    ]


def unknown(slugs: Iterable[str], known: set[str]) -> list[str]:
    """Return the few slugs of an address that no topic has."""
    return [slug for slug in dict.fromkeys(slugs) if slug not in known][:UNKNOWN_MOST]


@public_page
@require_safe
def solution_teams(request: HttpRequest) -> HttpResponse:
    """Show the solution teams that match the address's filters, page by page."""
    topics, synonyms = topics_and_synonyms()
    known = {topic.slug for topic in topics}
    short_names.lead_on(Topic.objects.all(), *unknown(request.GET.getlist("fokus"), known))
    wishes = Wishes.read(request.GET, (topic.slug for topic in topics))
    pages = Pages(registry(wishes, synonyms), PAGE_SIZE)
    page = pages.get_page(request.GET.get("seite"))
    context = {
        "nav": "solutions",
        "wishes": wishes,
        "embed_url": absolute(reverse("embedded")),
        "chosen": chosen(wishes, topics),
        "topics": topics,
        "states": states(),
        "sorts": SORTS.items(),
        "page": page,
        "count": pages.count,
        "previous": wishes.query(seite=page.number - 1) if page.has_previous() else "",
        "next": wishes.query(seite=page.number + 1) if page.has_next() else "",
    }
    return render(request, "solutions/list.html", context)


@public_page
@require_safe
def solution_team(request: DistrictRequest, slug: str) -> HttpResponse:
    """Show one solution team: its topics, progress and members, and related ones."""
    team = access.profile(slug)
    labels = {value: str(label) for value, label in TeamState.choices}
    members = parts_from(team.member_rows, SolutionTeamMember, solution_team=team)
    context = {
        "nav": "solutions",
        "team": team,
        "teams": [team],
        "linked_data": linked_data.of_solution_team(team, request.tenant),
        "members": members,
        "people": [member.person for member in members],
        "timeline": named_states(news(team)[:50]),
        "related": [row | {"get_state_display": labels[row["state"]]} for row in team.related],
    }
    return render(request, "solutions/team.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, number: int, small: str = "") -> HttpResponseBase:
    """Serve a picture of a public solution team; the file has no public address."""
    team = access.published(slug)
    found = Picture.objects.filter(solution_team=team, pk=number).first()
    if found is None:
        raise Http404
    return picture_response(request, str(found.image.name), small)
