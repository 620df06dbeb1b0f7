"""The swarm: people, teams and solution teams in one picture, drawn from the data alone.

The teams stand in the middle, whoever is in them around each, the solution teams swarm about:
every one as far out as it is young, on the spiral in which a sunflower sets its seeds (H. Vogel,
A better way to construct the sunflower head, 1979). Teams and people have places that are filled
in a fixed order. So nobody moves when somebody new comes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from directory.people.choices import TeamKind
from directory.people.models import Team
from directory.solutions.models import SolutionTeam

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
# In the drawing's own units: how far teams stand from the middle and people from their team, where
# the solution teams begin, and how much room each has.
TEAMS_OUT, PEOPLE_OUT, BEGIN, ROOM = 106, 46, 172, 35
# The places of a ring in the order in which they are taken, so that few are spread over all of it.
TEAM_PLACES = [place / 12 for place in (0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11)]
PEOPLE_PLACES = [place / 16 for place in (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)]
# More would be a crowd, not a picture: the registry has them all.
BIRDS_MOST = 150
# Below this the start page shows no sketch: two circles and a bird look like a mistake.
SKETCH_LEAST = 5
MARGIN, CAPTION = 26, 40


@dataclass(frozen=True)
class Label:
    """A name in the picture: where its first line stands, and to which side it runs."""

    x: float
    y: float
    anchor: str
    lines: list[str]


@dataclass(frozen=True)
class Spot:
    """Something in the picture: where it is, what it is about, and where its name stands."""

    x: float
    y: float
    thing: Any
    turn: float = 0
    label: Label | None = None


@dataclass(frozen=True)
class Line:
    """A curve between two spots, bent as the swarm turns."""

    path: str


@dataclass(frozen=True)
class Swarm:
    """The whole picture."""

    half: float
    teams: list[Spot]
    people: list[Spot]
    unnamed: list[Spot]
    birds: list[Spot]
    lines: list[Line]

    @property
    def view_box(self) -> str:
        """The part of the plane that is shown, with room below for a caption."""
        size = 2 * self.half
        return f"{-self.half:g} {-self.half:g} {size:g} {size + CAPTION:g}"

    @property
    def square(self) -> str:
        """The part of the plane with the picture alone."""
        return f"{-self.half:g} {-self.half:g} {2 * self.half:g} {2 * self.half:g}"

    @property
    def states(self) -> dict[str, str]:
        """The states there are among the solution teams, for the key of the picture."""
        return {bird.thing.state: str(bird.thing.get_state_display()) for bird in self.birds}

    @property
    def caption_y(self) -> float:
        return self.half + CAPTION / 2


def _around(x: float, y: float, out: float, angle: float, thing: Any) -> Spot:
    return Spot(
        round(x + out * math.cos(angle), 1), round(y + out * math.sin(angle), 1), thing,
        round(math.degrees(angle)) + 80,
    )  # fmt: skip


def line(one: Spot, other: Spot) -> Line:
    """Return the curve from one spot to another: its middle is moved to the side by a sixth."""
    x = (one.x + other.x) / 2 + (other.y - one.y) / 6
    y = (one.y + other.y) / 2 - (other.x - one.x) / 6
    return Line(f"M{one.x:g} {one.y:g}Q{x:.0f} {y:.0f} {other.x:g} {other.y:g}")


def _teams(teams: Sequence[Team]) -> list[Spot]:
    """Set the first contact into the middle and the other teams around it, the oldest first."""
    middle = [team for team in teams if team.kind == TeamKind.SUPPORT][:1]
    around = sorted((team for team in teams if team not in middle), key=lambda team: team.pk)
    return [Spot(0, 0, team) for team in middle] + [
        _around(0, 0, TEAMS_OUT, math.tau * (place - 1 / 4), team)
        for team, place in zip(around, cycle(TEAM_PLACES), strict=False)
    ]


def _members(spot: Spot) -> tuple[list[Spot], list[Spot]]:
    """Return the people around a team: those with a name, and those who stay unnamed.

    Names take the places from the first on, by who was there first, the others from the last.
    """
    ring = [
        _around(spot.x, spot.y, PEOPLE_OUT, math.tau * place - 2.4, spot.thing)
        for place in PEOPLE_PLACES
    ]
    named = sorted(spot.thing.shown_memberships, key=lambda member: member.pk)
    shown = [Spot(at.x, at.y, one) for at, one in zip(ring, named, strict=False)]
    free = ring[len(shown) :]
    unnamed = min(max(spot.thing.people - len(named), 0), len(free))
    return shown, free[len(free) - unnamed :]


def draw(teams: Sequence[Team], solution_teams: Iterable[SolutionTeam]) -> Swarm | None:
    """Return the picture; None where no team is there yet.

    Of teams (``with_people``) and public solution teams (``with_member_list``, ``with_seniority``).
    """
    if not teams:
        return None
    birds = [
        _around(
            0,
            0,
            math.sqrt(BEGIN**2 + ROOM**2 * team.seniority),
            team.seniority * GOLDEN_ANGLE,
            team,
        )
        for team in solution_teams
    ]
    hubs = _teams(teams)
    people: list[Spot] = []
    unnamed: list[Spot] = []
    for hub in hubs:
        shown, others = _members(hub)
        people += shown
        unnamed += others
    lines = [
        line(spot, bird)
        for bird in birds
        for member in bird.thing.member_list
        for spot in people
        if spot.thing.person_id == member["person"]
    ]
    # Whom the support team stands by at present.
    support = [hub for hub in hubs if hub.thing.kind == TeamKind.SUPPORT]
    lines += [line(hub, bird) for hub in support for bird in birds if bird.thing.state == "running"]
    outermost = max((bird.thing.seniority for bird in birds), default=0)
    half = math.sqrt(BEGIN**2 + ROOM**2 * outermost) + MARGIN
    return Swarm(round(half), hubs, people, unnamed, birds, lines)


def sketch(teams: Sequence[Team], solution_teams: Sequence[SolutionTeam]) -> Swarm | None:
    """Return the picture for the start page; None if there are too few to look like a swarm."""
    return draw(teams, solution_teams) if len(solution_teams) >= SKETCH_LEAST else None
