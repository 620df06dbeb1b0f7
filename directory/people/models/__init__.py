"""People and teams."""

from directory.people.models.persons import SLUG_LENGTH, Membership, Person, PersonQuerySet
from directory.people.models.short_names import FormerName
from directory.people.models.teams import Seat, SeatQuerySet, Team, TeamQuerySet

__all__ = [
    "SLUG_LENGTH",
    "FormerName",
    "Membership",
    "Person",
    "PersonQuerySet",
    "Seat",
    "SeatQuerySet",
    "Team",
    "TeamQuerySet",
]
