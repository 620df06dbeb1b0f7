"""What rooms show on the pages and mails of others: ``panels.py`` of the rooms.

A page that has a place for such things names it (``{% panels "start" %}``) and knows no room; a
room says what it shows there (docs/decisions/0095-panels.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from wiq.rooms import Registry


class Spot(Enum):
    """The places on pages and in mails where rooms may show something; the value is its name."""

    # About: None.
    START = "start"
    DISTRICT_POSTER = "district_poster"
    NEWS = "news"
    # About: a solution team.
    SOLUTION_TEAM = "solution_team"
    SOLUTION_TEAM_POSTER = "solution_team_poster"
    # About: a team.
    TEAM = "team"
    # About: the solution team whose news are mailed, or None for the whole district.
    MAIL_TEXT = "mail_text"
    MAIL_HTML = "mail_html"


@dataclass(frozen=True)
class Panel:
    """What a room shows in some places; ``place`` orders the rooms.

    ``show`` gets the place and what the page is about, and returns HTML that is safe, or plain text
    in a mail's text; nothing to show is an empty text. It may ask the database once.
    """

    place: int
    spots: tuple[Spot, ...]
    show: Callable[[Spot, Any], str]


panels: Registry[Panel] = Registry("panels")


def shown(spot: Spot, about: Any = None) -> str:
    """Return what all rooms show in one place, in their order."""
    here = sorted((one for one in panels if spot in one.spots), key=lambda one: one.place)
    return "".join(one.show(spot, about) for one in here)
