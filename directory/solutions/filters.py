"""The registry's filters, read from an address and written back into one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.models import SolutionTeam, SolutionTeamQuerySet, Synonyms, Topic
from directory.solutions.models.synonyms import alike
from directory.solutions.models.teams import BY_LATEST_NEWS
from directory.solutions.search import SEARCH_MAX, fold

BY_NAME, BY_NEWS, BY_NEARNESS = "name", "neues", "treffer"
SORTS = {BY_NAME: _("Name"), BY_NEWS: _("Zuletzt Neues")}
_ORDERS: dict[str, tuple[Any, ...]] = {
    BY_NAME: ("sort_key", "pk"),
    BY_NEWS: (*BY_LATEST_NEWS, "pk"),
    BY_NEARNESS: ("-nearness", "sort_key", "pk"),
}


@dataclass(frozen=True)
class Wishes:
    """Topics, states, words and order; unknown values are ignored."""

    topics: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    text: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict, known_topics: Iterable[str]) -> "Wishes":
        """Return the filters in an address."""
        known = set(known_topics)
        text = " ".join(query.get("q", "").replace("\x00", " ").split())[:SEARCH_MAX]
        sort = query.get("sortierung", "")
        return cls(
            topics=tuple(slug for slug in dict.fromkeys(query.getlist("fokus")) if slug in known),
            states=tuple(s for s in dict.fromkeys(query.getlist("status")) if s in PUBLIC_STATES),
            text=text,
            sort=sort if sort in SORTS else "",
        )

    @property
    def is_narrow(self) -> bool:
        """Tell whether any filter is set."""
        return bool(self.topics or self.states or self.text)

    @property
    def order(self) -> str:
        """The order of the list: as requested, else by relevance, else by name."""
        return self.sort or (BY_NEARNESS if fold(self.text) else BY_NAME)

    def apply(
        self, teams: SolutionTeamQuerySet, synonyms: Mapping[str, Collection[str]] | None = None
    ) -> SolutionTeamQuerySet:
        """Return the matching solution teams, in order."""
        found = teams.about(self.topics).in_states(self.states).searched(self.text, synonyms)
        return found.order_by(*_ORDERS[self.order])

    def query(self, **others: Any) -> str:
        """Return the query string for these filters; empty if there are none."""
        pairs = [*(("fokus", slug) for slug in self.topics), *(("status", s) for s in self.states)]
        pairs += [(name, text) for name, text in (("q", self.text), ("sortierung", self.sort))]
        pairs += list(others.items())
        filled = [(name, value) for name, value in pairs if value]
        return f"?{urlencode(filled)}" if filled else ""

    def without(self, value: str) -> "Wishes":
        """Return the same filters without one topic or state."""
        return replace(
            self,
            topics=tuple(topic for topic in self.topics if topic != value),
            states=tuple(state for state in self.states if state != value),
        )


def registry(
    wishes: Wishes, synonyms: Mapping[str, Collection[str]] | None = None
) -> SolutionTeamQuerySet:
    """Return the public solution teams that match the filters, with their topics."""
    published: SolutionTeamQuerySet = SolutionTeam.objects.published()
    return wishes.apply(published, synonyms).with_topics()


def topics_and_synonyms() -> tuple[list[Topic], dict[str, list[str]]]:
    """Return the topics of public solution teams with their ``count``, and the synonyms.

    Both are read in one statement: a search needs them before it asks for solution teams.
    """
    columns = ("slug", "name", "name_en", "sort_key", "count")
    words = Synonyms.objects.order_by().values_list("slug", "words", Value(""), Value(""), Value(0))
    counted = Topic.objects.with_counts().order_by().values_list(*columns)
    topics, kept = [], []
    for *texts, count in counted.union(words, all=True).order_by("sort_key", "slug"):
        if not count:
            kept.append(texts[1])
            continue
        topic: Any = Topic(**dict(zip(columns, texts, strict=False)))
        topic.count = count
        topics.append(topic)
    return topics, alike(kept)
