"""What the inbox shows: views, filters, search and pages, in few statements at any size."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.conversations.models import Conversation, Turn
from directory.conversations.sorts import known_sort
from directory.conversations.writing import sorts_in_order
from directory.solutions.search import SEARCH_MAX, fold, words_query
from wiq.admin.waiting import age
from wiq.paging import Pages

A_PAGE = 25
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
        number = asked.get("wer", "")
        self.who = int(number) if number.isascii() and number.isdecimal() else None
        page = asked.get("seite", "")
        self.number = int(page[:6]) if page.isascii() and page.isdecimal() else 1

    @property
    def everywhere(self) -> bool:
        """Tell whether the search looks into all views."""
        return bool(self.search)

    def rows(self) -> "QuerySet[Conversation]":
        """Return what is asked for, in its order."""
        found = self._filtered(Conversation.objects.filter(joined_to=None))
        if self.search:
            return found.order_by("-since", "-pk")
        found = found.filter(self._of_view(self.view))
        newest_first = self.view in (DONE, SUSPICIOUS)
        return found.order_by("-since", "-pk") if newest_first else found.order_by("since", "pk")

    def _filtered(self, rows: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
        if self.sorts:
            rows = rows.filter(about_type__in=[sort.kind for sort in self.sorts])
        if self.who is not None:
            rows = rows.filter(assignee=self.who)
        folded = fold(self.search)
        if self.search:
            rows = rows.filter(search_vector=words_query(folded)) if folded else rows.none()
        return rows

    def _of_view(self, view: str) -> Q:
        if view == MINE:
            return Q(assignee=self.me, turn__in=(Turn.OURS, Turn.THEIRS))
        if view == NOBODYS:
            return Q(assignee=None, turn=Turn.OURS)
        return Q(turn=TURNS[view])

    @cached_property
    def page(self) -> Any:
        """Return the page that is asked for; a number beyond the end is the last page."""
        return Pages(self.rows(), A_PAGE).get_page(self.number)

    def lines(self) -> list[Row]:
        """Return the lines of the page."""
        return [self.line(conversation) for conversation in self.page]

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
    def counts(self) -> dict[str, int]:
        """Return how much is in each view, with one statement."""
        counted = {name: Count("pk", filter=self._of_view(name)) for name in VIEWS}
        return Conversation.objects.filter(joined_to=None).aggregate(**counted)

    def tabs(self) -> list[dict[str, Any]]:
        """Return the views, each with its address and how much is in it."""
        return [
            {
                "title": title, "query": self.query(sicht=name, q="", seite=""),
                "count": self.counts[name], "is_current": name == self.view and not self.search,
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
