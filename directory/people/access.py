"""The one way to fetch a team or a person for somebody."""

from collections.abc import Iterable

from django.http import Http404

from directory.people.choices import TeamKind
from directory.people.models import Person, Team


def published_team(slug: str) -> Team:
    """Return a team with its people, or answer that it is not there."""
    team: Team | None = Team.objects.published().with_people().filter(slug=slug).first()
    if team is None:
        raise Http404
    return team


def shown_person(slug: str) -> Person:
    """Return a person who agreed to be shown, or answer that there is nobody."""
    person: Person | None = Person.objects.shown().filter(slug=slug).first()
    if person is None:
        raise Http404
    return person


def support_among(teams: Iterable[Team]) -> Team | None:
    """Return everybody's first contact among teams that were fetched, if it is there."""
    return next((team for team in teams if team.kind == TeamKind.SUPPORT), None)
