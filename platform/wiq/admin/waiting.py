"""What waits for somebody, for the first page of the desk: ``waiting.py`` of the rooms."""

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


@dataclass
class Task:
    """One thing to do: what, since when, and where."""

    title: str
    detail: str
    url: str


@dataclass
class Pile:
    """Things of one kind that wait, the first few of them with links."""

    title: str
    count: int
    url: str
    tasks: list[Task] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)


@dataclass(frozen=True)
class Source:
    """Says what waits in a room, to whoever has a permission; ``place`` orders the piles."""

    place: int
    permission: str
    pile: Callable[[HttpRequest], Pile]


sources: Registry[Source] = Registry("waiting")


def waits(*, place: int, permission: str) -> Callable[[Any], Any]:
    """Register a function that returns a pile, for whoever may do something about it."""

    def register(pile: Callable[[HttpRequest], Pile]) -> Callable[[HttpRequest], Pile]:
        sources.register(Source(place, permission, pile))
        return pile

    return register


def piles_for(request: HttpRequest) -> list[Pile]:
    """Return the piles of whoever asks, those with something in them first."""
    user: Any = request.user
    shown = [source for source in sources if user.has_perm(source.permission)]
    piles = [source.pile(request) for source in sorted(shown, key=lambda source: source.place)]
    return sorted(piles, key=lambda pile: pile.count == 0)


def change_url(name: str, number: int) -> str:
    """Return where the desk shows a row; ``name`` is ``app_model``."""
    return reverse(f"koordination:{name}_change", args=[number])


def list_url(name: str, query: str = "") -> str:
    """Return where the desk lists the rows of ``app_model``."""
    return reverse(f"koordination:{name}_changelist") + query


def age(since: datetime) -> str:
    """Return for how many days something has waited, counted in days of the calendar here."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days == 0:
        return _("seit heute")
    return ngettext("seit %d Tag", "seit %d Tagen", days) % days
