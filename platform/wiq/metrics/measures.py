"""What database and queue are asked when somebody fetches the numbers: rooms' ``metrics.py``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wiq.rooms import Registry

Rows = Iterable[tuple[Sequence[str], float]]


@dataclass(frozen=True)
class Measure:
    """One number, or one for each value of its labels.

    ``ask`` runs in the public schema and returns the labels' values with the number. Labels never
    say anything about a person; ``per_district`` is for those that name a district, and is only
    asked where the operator wants that (``WIQ_METRICS_PER_DISTRICT``).
    """

    name: str
    help: str
    labels: tuple[str, ...]
    ask: Callable[[], Rows]
    per_district: bool = False


measures: Registry[Measure] = Registry("metrics")
