"""What a room says of itself: where its tables stand, who may do what, where its pages are.

A room is a Django app whose ``apps.py`` has a RoomConfig. Settings, middleware, menus, roles and
checks read what is declared there; nobody keeps a list of rooms (docs/howto/room.md). What is code
stands in modules of the room that are found by their names (``Registry``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar, Generic, TypeVar

from django.apps import AppConfig, apps


class Tables(Enum):
    """In which schemas an app's tables stand."""

    NONE = "no tables"
    PUBLIC = "the public schema alone"
    DISTRICT = "each district's schema alone"
    BOTH = "the public schema and each district's"


class Host(Enum):
    """The two kinds of host; the value is the path of the administration there."""

    DISTRICT = "koordination"
    PLATFORM = "plattform"


@dataclass(frozen=True)
class UrlList:
    """A module with ``urlpatterns``, below ``prefix``, on one kind of host.

    ``translated``: its pages stand under ``/en/`` as well. ``setting``: only where this is true.
    """

    host: Host
    module: str
    prefix: str = ""
    translated: bool = False
    setting: str = ""


@dataclass(frozen=True)
class MenuEntry:
    """A line in the menu of one administration.

    ``place`` orders lines and, by its first line, groups. ``roles``: who sees it; none, everybody.
    """

    host: Host
    group: str
    title: str
    icon: str
    link: str
    place: int
    roles: tuple[str, ...] = ()


class RoomConfig(AppConfig):
    """An app of this project. What it does not declare it does not get."""

    tables: ClassVar[Tables] = Tables.NONE
    # Role → permissions of this app, with wildcards and without its label: "view_*".
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    menu: ClassVar[tuple[MenuEntry, ...]] = ()
    # Beginnings of paths that a district answers in every state.
    open_paths: ClassVar[tuple[str, ...]] = ()
    # The same, and on every host the district ever had, without leading on to the current one.
    open_on_every_host: ClassVar[tuple[str, ...]] = ()
    # Beginning of a path → the longest body it takes, in bytes.
    body_limits: ClassVar[Mapping[str, int]] = {}
    # Names of pages without arguments that search engines are told of, by kind of host.
    sitemap: ClassVar[Mapping[Host, tuple[str, ...]]] = {}
    # Those of a district that are there in plain German alone.
    plain_sitemap: ClassVar[tuple[str, ...]] = ()
    # Beginnings of paths that search engines stay away from, by kind of host.
    no_robots: ClassVar[Mapping[Host, tuple[str, ...]]] = {}
    urls: ClassVar[tuple[UrlList, ...]] = ()

    # Django takes the one AppConfig of apps.py, and this class stands there as well.
    default = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def rooms() -> list[RoomConfig]:
    """Return the rooms in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def menu_of(host: Host) -> list[MenuEntry]:
    """Return the lines of one administration's menu, in their order."""
    entries = [entry for room in rooms() for entry in room.menu if entry.host is host]
    return sorted(entries, key=lambda entry: entry.place)


def open_paths() -> tuple[str, ...]:
    """Return the beginnings of paths that a district answers in every state."""
    return tuple(path for room in rooms() for path in (*room.open_paths, *room.open_on_every_host))


def open_on_every_host() -> tuple[str, ...]:
    """Return the beginnings of paths that each of a district's hosts answers itself."""
    return tuple(path for room in rooms() for path in room.open_on_every_host)


def body_limits() -> dict[str, int]:
    """Return the longest body in bytes by the beginning of a path, the longest beginning first."""
    limits = {path: limit for room in rooms() for path, limit in room.body_limits.items()}
    return dict(sorted(limits.items(), key=lambda item: -len(item[0])))


def sitemap_of(host: Host) -> list[str]:
    """Return the names of the pages without arguments that search engines are told of."""
    return [name for room in rooms() for name in room.sitemap.get(host, ())]


def plain_sitemap() -> list[str]:
    """Return the names of a district's pages that are there in plain German alone."""
    return [name for room in rooms() for name in room.plain_sitemap]


def no_robots(host: Host) -> list[str]:
    """Return the beginnings of paths that search engines stay away from."""
    return [path for room in rooms() for path in room.no_robots.get(host, ())]


Item = TypeVar("Item")


class Registry(Generic[Item]):
    """What the modules of one name in all rooms contribute.

    They are imported when somebody asks for the first time, as Django does with ``admin``
    (django.utils.module_loading.autodiscover_modules).
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self._items: list[Item] = []
        self._is_complete = False

    def register(self, item: Item) -> Item:
        """Add one contribution; usable as a decorator."""
        self._items.append(item)
        return item

    def __iter__(self) -> Iterator[Item]:
        if not self._is_complete:
            for room in rooms():
                name = f"{room.name}.{self.module}"
                if find_spec(name) is not None:
                    import_module(name)
            self._is_complete = True
        return iter(self._items)
