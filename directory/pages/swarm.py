"""The swarm: a picture of people, teams and solution teams, drawn from the data alone.

The teams are in the middle, each with its people around it. The solution teams swarm around them:
the younger, the farther out, on the spiral of a sunflower's seeds (H. Vogel, A better way to
construct the sunflower head, 1979). The places of teams and people are filled in a fixed order, so
nobody moves when somebody joins.
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
# In the drawing's units: the distance of teams from the middle and of people from their team, the
# distance at which the solution teams start, and the space for each.
TEAMS_OUT, PEOPLE_OUT, BEGIN, ROOM = 106, 46, 172, 35
# The places on a ring in the order of filling them, so that even a few are spread evenly.
TEAM_PLACES = [place / 12 for place in (0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11)]
PEOPLE_PLACES = [place / 16 for place in (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)]
# More would be too crowded; the registry lists them all.
BIRDS_MOST = 150
# With fewer, the start page shows no sketch: two circles and a bird look like an error.
SKETCH_LEAST = 5
MARGIN, CAPTION = 26, 40


@dataclass(frozen=True)
class Label:
    """A name in the picture: the position of its first line, and its alignment."""

    x: float
    y: float
    anchor: str
    lines: list[str]


@dataclass(frozen=True)
class Spot:
    """An item in the picture: its position, its object, and the place of its name."""

    x: float
    y: float
    thing: Any
    turn: float = 0
    label: Label | None = None


@dataclass(frozen=True)
class Line:
    """A curve between two spots, bent in the swarm's direction."""

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
        """The visible part of the plane, with space for a caption below."""
        size = 2 * self.half
        return f"{-self.half:g} {-self.half:g} {size:g} {size + CAPTION:g}"

    @property
    def square(self) -> str:
        """The visible part of the plane without a caption."""
        return f"{-self.half:g} {-self.half:g} {2 * self.half:g} {2 * self.half:g}"

    @property
    def states(self) -> dict[str, str]:
        """The states of the drawn solution teams, for the picture's legend."""
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
    """Return the curve between two spots; its middle is shifted by a sixth of its length."""
    x = (one.x + other.x) / 2 + (other.y - one.y) / 6
    y = (one.y + other.y) / 2 - (other.x - one.x) / 6
    return Line(f"M{one.x:g} {one.y:g}Q{x:.0f} {y:.0f} {other.x:g} {other.y:g}")


def _teams(teams: Sequence[Team]) -> list[Spot]:
    """Place the support team in the middle and the other teams around it, the oldest first."""
    middle = [team for team in teams if team.kind == TeamKind.SUPPORT][:1]
    around = sorted((team for team in teams if team not in middle), key=lambda team: team.pk)
    return [Spot(0, 0, team) for team in middle] + [
        _around(0, 0, TEAMS_OUT, math.tau * (place - 1 / 4), team)
        for team, place in zip(around, cycle(TEAM_PLACES), strict=False)
    ]


def _members(spot: Spot) -> tuple[list[Spot], list[Spot]]:
    """Return the people around a team: the named ones, and the unnamed ones.

    Named people fill the places from the start, the earliest first; unnamed ones from the end.
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
    """Return the picture, or None without any team.

    Needs teams (``with_people``) and public solution teams (``with_member_list``,
    ``with_seniority``).
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
    # The solution teams that the support team helps at present.
    support = [hub for hub in hubs if hub.thing.kind == TeamKind.SUPPORT]
    lines += [line(hub, bird) for hub in support for bird in birds if bird.thing.state == "running"]
    outermost = max((bird.thing.seniority for bird in birds), default=0)
    half = math.sqrt(BEGIN**2 + ROOM**2 * outermost) + MARGIN
    return Swarm(round(half), hubs, people, unnamed, birds, lines)


def sketch(teams: Sequence[Team], solution_teams: Sequence[SolutionTeam]) -> Swarm | None:
    """Return the picture for the start page; None if there are too few to look like a swarm."""
    return draw(teams, solution_teams) if len(solution_teams) >= SKETCH_LEAST else None
