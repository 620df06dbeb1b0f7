"""What an installation tells of itself, and reading it from the answer of another one.

The other may be of another version, or wrong: what is missing or of another kind is Unreadable,
and no text of it is longer than a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from tenants.districts.models import State

LONGEST = 300
MOST_LINES = 200


class Unreadable(ValueError):
    """An answer that is none of ours."""


@dataclass(frozen=True)
class About:
    """An installation: what it is called, what runs there, how many districts it has and holds."""

    name: str
    url: str
    console_url: str
    version: str
    # With those that are ordered.
    districts: int
    # None: nobody has said how many it is to hold.
    max_districts: int | None
    states: Mapping[str, int]
    failing: tuple[str, ...]

    @property
    def free(self) -> int | None:
        """How many more it is to hold; None where nobody has said a bound."""
        if self.max_districts is None:
            return None
        return max(0, self.max_districts - self.districts)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The labels of states with how many districts are in each, without empty ones."""
        return [(str(s.label), self.states[s.value]) for s in State if self.states.get(s.value)]


@dataclass(frozen=True)
class Line:
    """One district in the list of an installation."""

    slug: str
    name: str
    city: str
    state: str
    state_since: datetime | None
    host: str
    url: str
    console_url: str

    @property
    def state_label(self) -> str:
        """The state in words; as it came where this version does not know it."""
        known = dict(State.choices)
        return str(known.get(self.state, self.state))


@dataclass(frozen=True)
class Lines:
    """One page of an installation's districts, and how many there are on all pages."""

    count: int
    lines: tuple[Line, ...]
    has_next: bool


def about_from(data: Any) -> About:
    """Return what another installation told of itself. Raises Unreadable."""
    bound = data.get("max_districts") if isinstance(data, dict) else None
    return About(
        name=_text(data, "name"),
        url=_link(data, "url"),
        console_url=_link(data, "console_url"),
        version=_text(data, "version"),
        districts=_number(data, "districts"),
        max_districts=None if bound is None else _number(data, "max_districts"),
        states={str(name): _number(_dict(data, "states"), name) for name in _dict(data, "states")},
        failing=tuple(str(name)[:LONGEST] for name in _list(data, "failing")[:MOST_LINES]),
    )


def lines_from(data: Any) -> Lines:
    """Return a page of another installation's districts. Raises Unreadable."""
    rows = _list(data, "results")[:MOST_LINES]
    return Lines(_number(data, "count"), tuple(map(_line, rows)), bool(data.get("next")))


def _line(row: Any) -> Line:
    return Line(
        slug=_text(row, "slug"),
        name=_text(row, "name"),
        city=_text(row, "city"),
        state=_text(row, "state"),
        state_since=_moment(_text(row, "state_since")),
        host=_text(row, "host"),
        url=_link(row, "url"),
        console_url=_link(row, "console_url"),
    )


def _found(data: Any, name: str, kind: type) -> Any:
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unreadable(name)
    return value


def _text(data: Any, name: str) -> str:
    return str(_found(data, name, str))[:LONGEST]


def _link(data: Any, name: str) -> str:
    """Return an address that a page may lead to: no other scheme than those of pages."""
    value = str(_found(data, name, str))
    if not value.startswith(("https://", "http://")) or len(value) > LONGEST:
        raise Unreadable(name)
    return value


def _number(data: Any, name: str) -> int:
    return max(0, int(_found(data, name, int)))


def _list(data: Any, name: str) -> list[Any]:
    return list(_found(data, name, list))


def _dict(data: Any, name: str) -> dict[str, Any]:
    return dict(_found(data, name, dict))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
