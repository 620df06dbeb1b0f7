"""What the inbox shows: views, filters, search and pages, in few statements at any size."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.conversations.models import Conversation, HeldMail, Turn
from directory.conversations.searching import found_by
from directory.conversations.sorts import known_sort
from directory.conversations.writing import sorts_in_order
from directory.solutions.search import SEARCH_MAX
from wiq.admin.waiting import age
from wiq.paging import CountedTo, Slice, slice_of
from wiq.typed import row_number

A_PAGE = 25
# More are "999+": nobody counts on, and the page is as quick as with few.
COUNTED = 999
MINE, NOBODYS, OURS, THEIRS, DONE, SUSPICIOUS = (
    *("meine", "niemand", "wir", "wartet", "erledigt", "verdaechtig"),
)
VIEWS = {
    MINE: _("Für mich"),
    NOBODYS: _("Niemand kümmert sich"),
    OURS: _("Wir sind dran"),
    THEIRS: _("Wartet auf Antwort"),
    DONE: _("Erledigt"),
    SUSPICIOUS: _("Verdächtig"),
}
TURNS = {OURS: Turn.OURS, THEIRS: Turn.THEIRS, DONE: Turn.DONE, SUSPICIOUS: Turn.SUSPICIOUS}


@dataclass(frozen=True)
class Row:
    """One line of the inbox."""

    conversation: Conversation
    sort_label: Any
    state_label: str
    age: str
    in_charge: str


class Inbox:
    """The inbox as one address asks for it."""

    def __init__(self, request: HttpRequest, names: dict[int, str]) -> None:
        user: Any = request.user
        self.me, self.names, asked = int(user.pk), names, request.GET
        view = asked.get("sicht", "")
        self.view = view if view in VIEWS else OURS
        self.search = asked.get("q", "")[:SEARCH_MAX].strip()
        self.sorts = [sort for sort in sorts_in_order() if sort.name in asked.getlist("art")]
        self.who = row_number(asked.get("wer", "")) or None
        page = asked.get("seite", "")
        self.number = int(page[:6]) if page.isascii() and page.isdecimal() else 1

    @property
    def everywhere(self) -> bool:
        """Tell whether the search looks into all views."""
        return bool(self.search)

    def rows(self) -> "QuerySet[Conversation]":
        """Return what is asked for, in its order."""
        # What the search compares is long, and nobody reads it.
        waits = HeldMail.objects.filter(conversation=OuterRef("pk"), done_at=None)
        all_rows = Conversation.objects.defer("search_key", "search_vector")
        all_rows = all_rows.annotate(has_held=Exists(waits))
        found = self._filtered(all_rows.filter(joined_to=None))
        if self.search:
            found = self._searched(found)
            return found.order_by("-since", "-pk")
        found = found.filter(self._of_view(self.view))
        newest_first = self.view in (DONE, SUSPICIOUS)
        return found.order_by("-since", "-pk") if newest_first else found.order_by("since", "pk")

    def _searched(self, rows: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
        """Return what the search finds, by its keys where that is little.

        PostgreSQL takes every beginning of a word for frequent, and would read the rows from the
        newest on until a page is full: all of them, for a name that stands in one.
        """
        few = self._matches
        return rows.filter(pk__in=few) if len(few) <= COUNTED else found_by(rows, self.search)

    @cached_property
    def _matches(self) -> list[int]:
        """Return the keys of what the search finds, no more than are counted."""
        rows = self._filtered(Conversation.objects.filter(joined_to=None)).order_by()
        return list(found_by(rows, self.search).values_list("pk", flat=True)[: COUNTED + 1])

    def _filtered(self, rows: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
        if self.sorts:
            rows = rows.filter(about_type__in=[sort.kind for sort in self.sorts])
        if self.who is not None:
            rows = rows.filter(assignee=self.who)
        return rows

    def _of_view(self, view: str) -> Q:
        if view == MINE:
            return Q(assignee=self.me, turn__in=(Turn.OURS, Turn.THEIRS))
        if view == NOBODYS:
            return Q(assignee=None, turn=Turn.OURS)
        return Q(turn=TURNS[view])

    @cached_property
    def page(self) -> Slice:
        """Return the page that is asked for; a number beyond the end is the last page."""
        return slice_of(self.rows(), self.number, A_PAGE)

    def lines(self) -> list[Row]:
        """Return the lines of the page."""
        return [self.line(conversation) for conversation in self.page.rows]

    def line(self, conversation: Conversation) -> Row:
        """Return one conversation as a line."""
        sort = known_sort(conversation)
        return Row(
            conversation,
            sort.label,
            sort.state_label(conversation.state),
            age(conversation.since),
            self.names.get(conversation.assignee or 0, ""),
        )

    @cached_property
    def found(self) -> str:
        """Return how many the search finds."""
        return counted(len(self._matches))

    @cached_property
    def counts(self) -> dict[str, str]:
        """Return how much is in each view that somebody has to empty, with one statement."""
        all_rows = Conversation.objects.filter(joined_to=None).order_by()
        names = [name for name in VIEWS if name != DONE]
        limited = [
            all_rows.filter(self._of_view(name)).values("pk")[: COUNTED + 1] for name in names
        ]
        me: Any = get_user_model().objects.filter(pk=self.me)
        numbers = me.values_list(*map(CountedTo, limited)).get()
        return dict(zip(names, map(counted, numbers), strict=True))

    def tabs(self) -> list[dict[str, Any]]:
        """Return the views, each with its address and how much is in it."""
        return [
            {
                "title": title, "query": self.query(sicht=name, q="", seite=""),
                "count": self.counts.get(name, ""),
                "is_current": name == self.view and not self.search,
            }
            for name, title in VIEWS.items()
        ]  # fmt: skip

    def query(self, **changes: Any) -> str:
        """Return the query of an address like this one, with changes; empty values are left out."""
        asked = {
            "sicht": self.view, "q": self.search, "art": [sort.name for sort in self.sorts],
            "wer": "" if self.who is None else self.who, **changes,
        }  # fmt: skip
        return "?" + urlencode([(k, v) for k, v in asked.items() if v not in ("", [])], doseq=True)


def counted(number: int) -> str:
    """Return a number that was counted no farther than ``COUNTED``."""
    return str(number) if number <= COUNTED else f"{COUNTED}+"
