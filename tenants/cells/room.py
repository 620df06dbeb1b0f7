"""Where there is room for a new district: here, or in which other installation.

Nobody is asked for it: a form must not wait for another server. What the others said last counts
for some minutes; beat asks them more often than that.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from tenants.cells import memory, own
from tenants.cells.asking import Cell, others
from tenants.cells.told import About

FRESH = timedelta(minutes=10)


@dataclass(frozen=True)
class Full:
    """This installation has no room; ``place`` is the one with most, None where nobody has."""

    districts: int
    max_districts: int
    place: About | None


def if_full() -> Full | None:
    """Tell that there is no room here, and where there is; None while there is some."""
    bound: int | None = settings.WIQ_MAX_DISTRICTS
    if bound is None:
        return None
    districts = own.taken()
    return Full(districts, bound, roomiest()) if districts >= bound else None


def roomiest() -> About | None:
    """Return the other installation with most room, by what each said last.

    One without a bound comes after all that have room by theirs: nobody has said that it is to
    grow. One that is silent takes nobody.
    """
    with_room = [found for found in map(_fresh, others()) if found and found.free != 0]
    return max(with_room, key=lambda found: found.free or 0, default=None)


def _fresh(cell: Cell) -> About | None:
    found = memory.last(cell)
    if found is None or timezone.now() - found.at > FRESH or memory.is_silent(cell):
        return None
    return found.about
