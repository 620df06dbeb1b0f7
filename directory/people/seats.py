"""The composition of a team: its seats, counted by bench and drawn as a half circle."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from directory.people.choices import Bench, SeatState

# Sizes of the drawing, in its own units.
ROOM, DOT = 68, 27


@dataclass
class BenchCount:
    """The seats of one bench. People who may not be shown are not named."""

    bench: str
    label: str
    total: int = 0
    named: int = 0
    unnamed: int = 0
    vacant: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def letter(self) -> str:
        """The text for each seat of this bench."""
        return self.label[0]

    def places(self) -> list[str]:
        """Return one word per seat, for a picture of the composition."""
        return ["named"] * self.named + ["taken"] * self.unnamed + ["vacant"] * self.vacant


@dataclass(frozen=True)
class Place:
    """One seat in the drawing."""

    state: str
    letter: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A half circle of seats, with a gap between the benches."""

    width: int
    height: int
    places: list[Place]


def composition(seats: Iterable[dict[str, Any]]) -> list[BenchCount]:
    """Count seats (``shown_seats`` of a team) by bench, in their order."""
    counts: dict[str, BenchCount] = {}
    for seat in seats:
        bench, state, name = seat["bench"], seat["state"], seat["name"]
        count = counts.setdefault(bench, BenchCount(bench, str(Bench(bench).label)))
        count.total += 1
        if state == SeatState.VACANT:
            count.vacant += 1
        elif state == SeatState.NAMED and name:
            count.named += 1
            count.names.append(name)
        else:
            count.unnamed += 1
    return list(counts.values())


def drawing(benches: list[BenchCount]) -> Drawing:
    """Return the position of each seat, from left to right."""
    gap = 0.4
    seats = sum(bench.total for bench in benches)
    steps = max(seats - 1 + gap * (len(benches) - 1), 1)
    radius = max(150.0, ROOM * steps / math.pi)
    edge = radius + DOT + 4
    places: list[Place] = []
    step = 0.0
    for bench in benches:
        for state in bench.places():
            angle = math.pi * (1 - step / steps)
            x, y = edge + radius * math.cos(angle), edge - radius * math.sin(angle)
            places.append(Place(state, bench.letter, round(x, 1), round(y, 1)))
            step += 1
        step += gap
    return Drawing(round(2 * edge), round(edge + DOT + 4), places)
