"""From a number to a schedule: the same number, the same faults at the same moments."""

import random
from dataclasses import dataclass

from bench.faults.mail_server import MODES

SECONDS = 8.0
# In between a part that was killed comes back: a supervisor gives up on what ends again and again.
SECONDS_APART = 2.0
BROKEN = ("kill worker", "empty valkey", "restart valkey", "restart postgresql", "kill postgresql")
CLOCKS = ("clock of all", "clock of the platform", "clock of the database")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong at a moment, for a while (0: it only happens)."""

    at: float
    kind: str
    lasts: float = 0.0
    detail: int = 0

    def __str__(self) -> str:
        lasts = f" for {self.lasts:.1f} s" if self.lasts else ""
        detail = f" {self.detail:+d} h" if self.detail else ""
        return f"{self.at:.1f} s: {self.kind}{detail}{lasts}"


@dataclass(frozen=True)
class Schedule:
    """What happens under one seed."""

    seed: int
    requests: list[float]
    faults: list[Fault]


def schedule(seed: int, count: int, *, with_clocks: bool) -> Schedule:
    """Make the schedule of a seed: ``count`` requests and four to seven faults in eight seconds.

    Each part is broken once at most: a supervisor gives up on what ends again and again.
    """
    chance = random.Random(seed)
    faults = [
        Fault(chance.uniform(0, SECONDS), kind)
        for kind in chance.sample(BROKEN, chance.randint(1, 3))
    ]
    begins = chance.uniform(0, 2)
    for mode in chance.sample(MODES, chance.randint(1, 2)):
        lasts = chance.uniform(1, 3)
        faults.append(Fault(begins, f"smtp {mode}", lasts))
        begins += lasts + chance.uniform(0.2, 1)
    if chance.random() < 0.7:
        faults.append(Fault(chance.uniform(0, SECONDS), "five at once"))
    # Drawn even where no clock can be set: the rest of the seed stays the same.
    clock = Fault(
        chance.uniform(0, 5), chance.choice(CLOCKS), chance.uniform(1, 3), chance.choice([-2, 2])
    )
    if with_clocks and chance.random() < 0.5:
        faults.append(clock)
    requests = sorted(chance.uniform(0, SECONDS) for _ in range(count))
    return Schedule(seed, requests, sorted(faults, key=lambda fault: fault.at))


def every_kind(seed: int, count: int, *, with_clocks: bool) -> Schedule:
    """Make a schedule in which every fault happens once, in an order drawn by the seed."""
    chance = random.Random(seed)
    kinds = [*BROKEN, "five at once", *(f"smtp {mode}" for mode in MODES)]
    if with_clocks:
        kinds += CLOCKS
    chance.shuffle(kinds)
    faults = [
        Fault(
            number * SECONDS_APART + chance.uniform(0, 1),
            kind,
            0.0 if kind in (*BROKEN, "five at once") else chance.uniform(1, 1.5),
            chance.choice([-2, 2]) if kind in CLOCKS else 0,
        )
        for number, kind in enumerate(kinds)
    ]
    ends = len(kinds) * SECONDS_APART
    return Schedule(seed, sorted(chance.uniform(0, ends) for _ in range(count)), faults)
