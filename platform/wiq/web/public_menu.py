"""The menu of a district's public pages, built from the rooms' declarations.

An entry whose pages may be empty stands there only while they are not: its room answers a question
in ``public_menu.py``. The answers are kept with the district, which every request reads anyway, so
that no page asks for them (docs/decisions/0116-the-public-menu.md).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from wiq.rooms import PublicEntry, Registry, public_menu


@dataclass(frozen=True)
class Question:
    """Whether an entry, by the name of its page, leads to anything.

    ``has_something`` is asked in the district's schema when something was written and each night,
    never for a page.
    """

    page: str
    has_something: Callable[[], bool]


questions: Registry[Question] = Registry("public_menu")


def asked() -> list[str]:
    """Return the names of the pages that lead to something now in the current district."""
    return sorted(one.page for one in questions if one.has_something())


def shown(kept: Collection[str]) -> list[PublicEntry]:
    """Return the entries of a district of which ``kept`` says what was answered, in order."""
    may_be_empty = {one.page for one in questions}
    return [one for one in public_menu() if one.page not in may_be_empty or one.page in kept]
