"""A page of help behind every page of the desk: ``desk_help.py`` of the rooms."""

from dataclasses import dataclass
from typing import Any

from wiq.rooms import Registry

# What the names of a table's pages end in.
OF_TABLES = ("_changelist", "_change", "_add", "_delete", "_history")


@dataclass(frozen=True)
class Help:
    """What a page is for, in two sentences, and how one works with it.

    ``pages`` are the names of addresses; ``people_team`` stands for all pages of that table.
    ``place`` orders them. Whoever lacks ``permission`` does not find it in the list.
    """

    key: str
    title: Any
    about: Any
    how: Any
    pages: tuple[str, ...]
    place: int
    permission: str = ""


helps: Registry[Help] = Registry("desk_help")


def in_order() -> list[Help]:
    """Return all helps, in their order."""
    return sorted(helps, key=lambda one: one.place)


def help_of(key: str) -> Help | None:
    """Return the help with this key."""
    return next((one for one in helps if one.key == key), None)


def help_for(name: str) -> Help | None:
    """Return the help of the page with this name of an address; None if nobody wrote one."""
    short = next((name.removesuffix(end) for end in OF_TABLES if name.endswith(end)), name)
    return next((one for one in helps if {name, short} & {*one.pages}), None)
