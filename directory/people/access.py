"""Fetching a team or a person for somebody who may see them."""

from collections.abc import Iterable

from django.http import Http404

from directory.people import short_names
from directory.people.choices import TeamKind
from directory.people.models import Person, Team


def published_team(slug: str) -> Team:
    """Return a team with its people, or raise Http404."""
    team: Team | None = Team.objects.published().with_people().filter(slug=slug).first()
    if team is None:
        short_names.lead_on(Team.objects.published(), slug)
        raise Http404
    return team


def published_or_none(slug: str) -> Team | None:
    """Return the published team that has or had this slug, if there is one."""
    if not slug or "\x00" in slug:
        return None
    teams = Team.objects.published()
    found: Team | None = teams.filter(slug=slug).first() or short_names.once_called(teams, slug)
    return found


def shown_person(slug: str) -> Person:
    """Return a person who agreed to be shown, or raise Http404."""
    person: Person | None = Person.objects.shown().filter(slug=slug).first()
    if person is None:
        raise Http404
    return person


def support_among(teams: Iterable[Team]) -> Team | None:
    """Return the support team among these teams, if it is there."""
    return next((team for team in teams if team.kind == TeamKind.SUPPORT), None)
