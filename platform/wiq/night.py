"""What each district needs every night: ``night.py`` of the rooms."""

from collections.abc import Callable
from dataclasses import dataclass

from wiq.rooms import Registry


@dataclass(frozen=True)
class Chore:
    """One thing to do at night in the district whose schema is set.

    ``do`` returns how much there was. It may run again: what is done is not due any more.
    ``only_published``: it mails somebody, and a district that is not public mails nobody.
    """

    name: str
    do: Callable[[], int]
    only_published: bool = False


chores: Registry[Chore] = Registry("night")
