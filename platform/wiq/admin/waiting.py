"""Open tasks for the first page of the desk: ``waiting.py`` of the rooms.

A room says which rows wait. All rooms' rows are read together (``gather``), so that one more pile
is no further statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wiq.database.together import Found, Wanted, read_together
from wiq.rooms import Registry

SHOWN = 8
# Of a long pile that nobody waits for: what may be done some day must not hide what is to be done.
LONG, SHOWN_OF_LONG = 5, 3
# More are "999+", as in the inbox: nobody counts on, and the page is as quick as with few.
COUNTED = 999


@dataclass
class Task:
    """One open task: what, since when, and where.

    ``since`` is set where somebody waits for it; what may be done at any time has none.
    """

    title: str
    detail: str
    url: str
    since: datetime | None = None


@dataclass
class Pile:
    """Open tasks of one kind, the first few of them with links."""

    title: str
    count: int
    url: str
    tasks: list[Task] = field(default_factory=list)
    # What one does with each of them, as a button says it.
    act: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)

    @property
    def counted(self) -> str:
        """How many there are, counted no farther than ``COUNTED``."""
        return str(self.count) if self.count <= COUNTED else f"{COUNTED}+"

    @property
    def waits_since(self) -> datetime | None:
        """Since when the first of them waits; None where nobody does."""
        return min((task.since for task in self.tasks if task.since), default=None)


@dataclass(frozen=True)
class Asked:
    """A pile whose rows are still to be read: the questions, and what makes a pile of the answers.

    ``pile`` may ask again, where the answers lie in two schemas. Tables of the public schema are
    asked for in a statement of their own (``is_public``).
    """

    wanted: Sequence[Wanted]
    pile: Callable[..., "Pile | Asked"]
    is_public: bool = False


def pile_of(
    title: str, rows: Any, task: Callable[[Any], Task], *, fields: Sequence[str], url: str,
    act: str = "",
) -> Asked:  # fmt: skip
    """Return a pile of the first few of some rows; ``fields`` names what ``task`` reads of them."""

    def pile(found: Found) -> Pile:
        return Pile(title, found.count, url, [task(row) for row in found.rows], act)

    return Asked([Wanted(rows, fields, SHOWN, COUNTED + 1)], pile)


def gather(piles: Sequence[Pile | Asked]) -> list[Pile]:
    """Return piles in their order, after reading together what is still to be read."""
    made = list(piles)
    while asked := [(place, each) for place, each in enumerate(made) if isinstance(each, Asked)]:
        for is_public in (True, False):
            now = [(place, each) for place, each in asked if each.is_public is is_public]
            found = iter(read_together([one for _place, each in now for one in each.wanted]))
            for place, each in now:
                made[place] = each.pile(*(next(found) for _one in each.wanted))
    return [each for each in made if isinstance(each, Pile)]


def oldest_first(piles: list[Pile]) -> list[Pile]:
    """Return piles in the order in which somebody waits; where nobody does, as they were.

    Of these, long ones show their first few tasks alone.
    """
    waited = sorted(
        (pile for pile in piles if pile.waits_since), key=lambda pile: pile.waits_since or 0
    )
    quiet = [pile for pile in piles if not pile.waits_since]
    for pile in quiet:
        if pile.count > LONG:
            pile.tasks = pile.tasks[:SHOWN_OF_LONG]
    return waited + quiet


@dataclass(frozen=True)
class Source:
    """A function that finds a room's open tasks, and the permission to see them.

    ``place`` orders the piles.
    """

    place: int
    permission: str
    pile: Callable[[HttpRequest], Pile | Asked]


sources: Registry[Source] = Registry("waiting")


def waits(*, place: int, permission: str) -> Callable[[Any], Any]:
    """Register a function that returns a pile, for the users who may work on it."""

    def register(pile: Callable[[HttpRequest], Pile | Asked]) -> Any:
        sources.register(Source(place, permission, pile))
        return pile

    return register


def asked_for(request: HttpRequest) -> list[Pile | Asked]:
    """Return the user's piles in their order, most of them still to be read (``gather``)."""
    user: Any = request.user
    shown = [source for source in sources if user.has_perm(source.permission)]
    return [source.pile(request) for source in sorted(shown, key=lambda source: source.place)]


def change_url(name: str, number: int) -> str:
    """Return the address of a row at the desk; ``name`` is ``app_model``."""
    return reverse(f"koordination:{name}_change", args=[number])


def list_url(name: str, query: str = "") -> str:
    """Return the address of the desk's list of ``app_model``."""
    return reverse(f"koordination:{name}_changelist") + query


def age(since: datetime) -> str:
    """Return for how many calendar days something has waited, in local time."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days == 0:
        return _("seit heute")
    return ngettext("seit %d Tag", "seit %d Tagen", days) % days
