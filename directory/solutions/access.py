"""Fetching a solution team for somebody who may see it."""

from django.http import Http404

from directory.people import short_names
from directory.people.short_names import Renamed
from directory.solutions.models import SolutionTeam

RELATED = 3


def published_or_none(slug: str) -> SolutionTeam | None:
    """Return the public solution team that has or had this slug, if there is one."""
    if not slug or "\x00" in slug:
        return None
    teams = SolutionTeam.objects.published()
    found: SolutionTeam | None = teams.filter(slug=slug).first()
    return found or short_names.once_called(teams, slug)


def published(slug: str) -> SolutionTeam:
    """Return a public solution team; raise Renamed for a former slug, else Http404."""
    found = published_or_none(slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        raise Renamed(slug, found.slug)
    return found


def profile(slug: str) -> SolutionTeam:
    """Return a public solution team with everything for its page, in one query."""
    found: SolutionTeam | None = (
        SolutionTeam.objects.published()
        .with_topics()
        .with_pictures()
        .with_members()
        .with_related(RELATED)
        .filter(slug=slug)
        .first()
    )
    if found is None:
        short_names.lead_on(SolutionTeam.objects.published(), slug)
        raise Http404
    return found


def named_by_link(team_id: int) -> SolutionTeam:
    """Return the public solution team of a signed link in a mail."""
    found: SolutionTeam | None = SolutionTeam.objects.published().filter(pk=team_id).first()
    if found is None:
        raise Http404
    return found
