"""The composition of a team: its seats, counted bench by bench."""

from collections.abc import Iterable
from dataclasses import dataclass

from directory.people.choices import Bench, SeatState
from directory.people.models import Seat


@dataclass
class BenchCount:
    """How the seats of one bench are taken. A person who may not be shown is not named."""

    bench: str
    label: str
    total: int = 0
    named: int = 0
    unnamed: int = 0
    vacant: int = 0

    def places(self) -> list[str]:
        """Return one word a seat, for a picture of the composition."""
        return ["named"] * self.named + ["unnamed"] * self.unnamed + ["vacant"] * self.vacant


def composition(seats: Iterable[Seat]) -> list[BenchCount]:
    """Count seats (from ``Seat.objects.with_shown()``) bench by bench, in their order."""
    counts: dict[str, BenchCount] = {}
    for seat in seats:
        label = str(Bench(seat.bench).label)
        count = counts.setdefault(seat.bench, BenchCount(seat.bench, label))
        count.total += 1
        if seat.state == SeatState.VACANT:
            count.vacant += 1
        elif seat.state == SeatState.NAMED and seat.person_shown:  # type: ignore[attr-defined]
            count.named += 1
        else:
            count.unnamed += 1
    return list(counts.values())
