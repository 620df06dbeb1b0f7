"""Each district's work of every night and morning: ``night.py`` and ``morning.py`` of the rooms."""

from collections.abc import Callable
from dataclasses import dataclass

from wiq.rooms import Registry


@dataclass(frozen=True)
class Chore:
    """One piece of nightly or morning work in the current district.

    ``do`` returns how much it did. It may run again, because finished work is no longer due.
    ``only_published`` is for work that sends mails, which only public districts do.
    """

    name: str
    do: Callable[[], int]
    only_published: bool = False


chores: Registry[Chore] = Registry("night")
# At an hour at which a mail wakes nobody; only in public districts.
mornings: Registry[Chore] = Registry("morning")
