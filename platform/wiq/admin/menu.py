"""The menus of both administrations, built from the rooms' declarations (unfold's SIDEBAR)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from wiq.rooms import Host, MenuEntry, menu_of
from wiq.web.languages import with_language


def desk(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of a district's desk."""
    return _groups(menu_of(Host.DISTRICT))


def console(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the project team's console."""
    return _groups(menu_of(Host.PLATFORM))


def _groups(entries: list[MenuEntry]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        item: dict[str, Any] = {
            "title": entry.title,
            "icon": entry.icon,
            "link": with_language(entry.link),
        }
        if entry.roles:
            item["permission"] = _for_roles(entry.roles)
        groups.setdefault(str(entry.group), []).append(item)
    return [{"title": title, "items": items} for title, items in groups.items()]


def _for_roles(roles: tuple[str, ...]) -> Callable[[HttpRequest], bool]:
    return partial(_has_one_of, roles)


def _has_one_of(roles: tuple[str, ...], request: HttpRequest) -> bool:
    return getattr(request.user, "role", "") in roles
