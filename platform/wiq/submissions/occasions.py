"""What a request may be about beside a team: ``occasions.py`` of the rooms.

A room whose things people register for says how an address names one (``/kontakt/?termin=12``), and
who reads what they write. The form for requests knows none of these rooms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wiq.rooms import Registry


@dataclass(frozen=True)
class Occasion:
    """One thing that somebody registers for.

    ``words`` say in German what it is, for the team; ``team`` and ``solution_team`` are who reads
    the request, as the room of requests knows them, or None.
    """

    key: str
    words: str
    team: Any = None
    solution_team: Any = None


@dataclass(frozen=True)
class Source:
    """How a room's things are named in an address, and found for everybody."""

    parameter: str
    find: Callable[[str], Occasion | None]


sources: Registry[Source] = Registry("occasions")


def named_in(given: Mapping[str, Any]) -> str:
    """Return the key of the thing that an address names, as ``termin:12``; empty for none."""
    return next((f"{one.parameter}:{given[one.parameter]}" for one in sources
                 if given.get(one.parameter)), "")  # fmt: skip


def found(key: str) -> Occasion | None:
    """Return the thing with this key that everybody may register for, if there is one."""
    parameter, _colon, name = key.partition(":")
    source = next((one for one in sources if one.parameter == parameter), None)
    return None if source is None else source.find(name)
