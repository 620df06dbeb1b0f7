"""The names in the swarm: each beside its item, where nothing else is in the way.

Only for wide windows: on a phone, letters of this size would be as large as the picture. For each
item, the oldest first, places around it are tried, first on the outer side. This is the greedy
method in J. Christensen, J. Marks, S. Shieber, An empirical study of algorithms for point-feature
label placement, 1995. A name without a place appears on hover or keyboard focus.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from directory.pages.swarm import Label, Spot, Swarm

# In the drawing's units: a letter's average width, a line's height, and how far a name may extend
# beyond the drawing.
LETTER, LINE, BEYOND = 7.4, 15, 160
# The line lengths to try, and the most lines. A name is never cut off.
LETTERS, LINES = (20, 14, 30), 3
# The space to keep free around each kind of item.
BIRD, HUB, ONE = 17, 30, 10
# More names than this would hide the swarm.
NAMES_MOST = 60
# How far a name is shifted along its spot, in parts of its own size, and its alignment.
SHIFTS = (0, 0.25, -0.25, 0.45, -0.45)
ANCHORS = {1: "start", 0: "middle", -1: "end"}
# The rounds to try; each starts with the names that found no place in the last one.
ROUNDS = 8


# A spot, its name, and the distance between them.
Named = tuple[Spot, str, float]


@dataclass(frozen=True)
class Box:
    """A rectangle, given by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        """Tell whether the other box is inside this one."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Box") -> bool:
        """Tell whether the two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_of(label: Label) -> Box:
    """Return the box that a name covers."""
    width = LETTER * max(len(line) for line in label.lines)
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    top = label.y - LINE / 2
    return Box(left, top, left + width, top + LINE * len(label.lines))


def _around(spot: Spot, reach: float) -> Box:
    return Box(spot.x - reach, spot.y - reach, spot.x + reach, spot.y + reach)


def _candidates(spot: Spot, reach: float, lines: list[str]) -> Iterator[Label]:
    """Yield places for a name around a spot: first away from the middle, then shifted a little."""
    width, height = LETTER * max(len(line) for line in lines), LINE * len(lines)
    out, away = (1 if spot.x >= 0 else -1), (1 if spot.y >= 0 else -1)

    def beside(side: int) -> Iterator[Label]:
        x = spot.x + side * reach
        for shift in SHIFTS:
            top = spot.y - height / 2 + shift * height
            yield Label(round(x, 1), round(top + LINE / 2, 1), ANCHORS[side], lines)

    def above(way: int) -> Iterator[Label]:
        for far in (1.0, 1.6):
            top = spot.y + way * (far * reach + height / 2) - height / 2
            for shift in SHIFTS:
                x = spot.x + shift * width
                yield Label(round(x, 1), round(top + LINE / 2, 1), ANCHORS[0], lines)

    yield from chain(beside(out), above(away), beside(-out), above(-away))


def _place(spot: Spot, name: str, reach: float, half: float, taken: list[Box]) -> Label | None:
    """Return a free place for a name beside its spot, if there is one, and reserve it."""
    edge = Box(-half - BEYOND, -half, half + BEYOND, half)
    for letters in LETTERS:
        lines = textwrap.wrap(name, letters, break_long_words=False)
        if len(lines) > LINES:
            continue
        for label in _candidates(spot, reach, lines):
            box = box_of(label)
            if edge.holds(box) and not any(box.meets(other) for other in taken):
                taken.append(box)
                return label
    return None


def _place_all(named: list[Named], half: float, taken: list[Box]) -> dict[int, Label]:
    """Return the places that were found, keyed by the name's index in the list."""
    order = list(range(len(named)))
    best: dict[int, Label] = {}
    for _round in range(ROUNDS):
        room = list(taken)
        placed = {
            number: label
            for number in order
            if (label := _place(*named[number], half=half, taken=room)) is not None
        }
        if len(placed) > len(best):
            best = placed
        order.sort(key=lambda number: number in placed)
        if len(best) == len(named):
            break
    return best


def write_names(swarm: Swarm) -> Swarm:
    """Return the picture with the names of its people and solution teams."""
    if len(swarm.birds) > NAMES_MOST:
        return swarm
    taken = [
        *(_around(spot, HUB) for spot in swarm.teams),
        *(_around(spot, ONE) for spot in (*swarm.people, *swarm.unnamed)),
        *(_around(spot, BIRD) for spot in swarm.birds),
    ]
    named: list[Named] = [(spot, spot.thing.person.name, ONE + 3) for spot in swarm.people]
    named += [(spot, spot.thing.name, BIRD + 3) for spot in swarm.birds]
    labels = _place_all(named, swarm.half, taken)
    spots = [replace(spot, label=labels.get(at)) for at, (spot, *_) in enumerate(named)]
    first_bird = len(swarm.people)
    return replace(swarm, people=spots[:first_bird], birds=spots[first_bird:])
