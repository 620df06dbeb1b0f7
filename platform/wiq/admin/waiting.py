"""Open tasks for the first page of the desk: ``waiting.py`` of the rooms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wiq.rooms import Registry

SHOWN = 8
# Of a long pile that nobody waits for: what may be done some day must not hide what is to be done.
LONG, SHOWN_OF_LONG = 5, 3


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
    def waits_since(self) -> datetime | None:
        """Since when the first of them waits; None where nobody does."""
        return min((task.since for task in self.tasks if task.since), default=None)


def pile_of(title: str, rows: Any, task: Callable[[Any], Task], *, url: str, act: str = "") -> Pile:
    """Return a pile of the first few of some rows, which are counted only if there are more."""
    found = list(rows[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else rows.count()
    return Pile(title, count, url, [task(row) for row in found[:SHOWN]], act)


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
    pile: Callable[[HttpRequest], Pile]


sources: Registry[Source] = Registry("waiting")


def waits(*, place: int, permission: str) -> Callable[[Any], Any]:
    """Register a function that returns a pile, for the users who may work on it."""

    def register(pile: Callable[[HttpRequest], Pile]) -> Callable[[HttpRequest], Pile]:
        sources.register(Source(place, permission, pile))
        return pile

    return register


def piles_for(request: HttpRequest) -> list[Pile]:
    """Return the user's piles, those with open tasks first."""
    user: Any = request.user
    shown = [source for source in sources if user.has_perm(source.permission)]
    piles = [source.pile(request) for source in sorted(shown, key=lambda source: source.place)]
    return sorted(piles, key=lambda pile: pile.count == 0)


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
