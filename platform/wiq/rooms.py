"""What a room declares: where its tables are, who may do what, where its pages are.

A room is a Django app whose ``apps.py`` has a RoomConfig. Settings, middleware, menus, roles and
checks read these declarations, so there is no central list of rooms (docs/howto/room.md). A room's
code is in modules that are found by their names (``Registry``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from django.apps import AppConfig, apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from wiq.queues import Queue

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Tables(Enum):
    """The schemas that contain an app's tables."""

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

    ``translated``: its pages also exist under ``/en/``. ``setting``: only if this setting is true.
    """

    host: Host
    module: str
    prefix: str = ""
    translated: bool = False
    setting: str = ""


@dataclass(frozen=True)
class MenuEntry:
    """An entry in the menu of one administration.

    ``place`` orders the entries; a group takes the place of its first entry. ``roles`` see it;
    without any, everybody does. ``setting``: only if this setting is true.
    """

    host: Host
    group: "str | Promise"
    title: "str | Promise"
    icon: str
    link: str
    place: int
    roles: tuple[str, ...] = ()
    setting: str = ""


@dataclass(frozen=True)
class PublicEntry:
    """An entry in the menu of a district's public pages.

    ``page`` is the name of a page without arguments; ``nav`` is what it and the pages below it say
    of themselves (``{"nav": …}``), so that the entry is marked there; ``place`` orders the entries.
    A room whose pages may be empty answers a question of ``wiq.web.public_menu``.
    """

    title: "str | Promise"
    page: str
    nav: str
    place: int


class RoomConfig(AppConfig):
    """An app of this project. It gets only what it declares."""

    tables: ClassVar[Tables] = Tables.NONE
    # Role → permissions of this app, with wildcards and without its label: "view_*".
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Of these permissions, what a support visit does not have, with wildcards.
    not_in_visits: ClassVar[tuple[str, ...]] = ()
    menu: ClassVar[tuple[MenuEntry, ...]] = ()
    public_menu: ClassVar[tuple[PublicEntry, ...]] = ()
    # Prefixes of paths that a district answers in every state.
    open_paths: ClassVar[tuple[str, ...]] = ()
    # The same, but also on the district's former hosts, without a redirect to the current one.
    open_on_every_host: ClassVar[tuple[str, ...]] = ()
    # Prefix of a path → the longest body it accepts, in bytes.
    body_limits: ClassVar[Mapping[str, int]] = {}
    # Prefix of a path → the setting whose word, as a bearer token, may send such a body there
    # without an account; or, with dots, the function that tells whether a word may.
    bearers: ClassVar[Mapping[str, str]] = {}
    # Names of pages without arguments for the sitemap, by kind of host.
    sitemap: ClassVar[Mapping[Host, tuple[str, ...]]] = {}
    # A district's pages that exist in plain German only.
    plain_sitemap: ClassVar[tuple[str, ...]] = ()
    # Prefixes of paths that search engines should not read, by kind of host.
    no_robots: ClassVar[Mapping[Host, tuple[str, ...]]] = {}
    urls: ClassVar[tuple[UrlList, ...]] = ()
    # What its tasks are for: those of other purposes neither wait for them nor hold them up.
    queue: ClassVar[Queue] = Queue.ROUTINE

    # Every apps.py imports this class too; without this, Django would find two configs there.
    default = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def rooms() -> list[RoomConfig]:
    """Return the rooms in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def queue_of(task: str) -> Queue:
    """Return the queue of a task by its name, which begins with that of its room."""
    found = [room for room in rooms() if task.startswith(f"{room.name}.")]
    return max(found, key=lambda room: len(room.name)).queue if found else Queue.ROUTINE


def menu_of(host: Host) -> list[MenuEntry]:
    """Return the entries of one administration's menu, in their order."""
    entries = [
        entry
        for room in rooms()
        for entry in room.menu
        if entry.host is host and (not entry.setting or getattr(settings, entry.setting))
    ]
    return sorted(entries, key=lambda entry: entry.place)


def public_menu() -> list[PublicEntry]:
    """Return the entries of the public pages' menu, in their order."""
    entries = [entry for room in rooms() for entry in room.public_menu]
    return sorted(entries, key=lambda entry: entry.place)


def open_paths() -> tuple[str, ...]:
    """Return the prefixes of paths that a district answers in every state."""
    return tuple(path for room in rooms() for path in (*room.open_paths, *room.open_on_every_host))


def open_on_every_host() -> tuple[str, ...]:
    """Return the prefixes of paths that each of a district's hosts answers itself."""
    return tuple(path for room in rooms() for path in room.open_on_every_host)


@cache
def body_limits() -> dict[str, int]:
    """Return the longest body in bytes by prefix of the path, the longest prefix first."""
    limits = {path: limit for room in rooms() for path, limit in room.body_limits.items()}
    return dict(sorted(limits.items(), key=lambda item: -len(item[0])))


def for_bearers(path: str) -> list[str]:
    """Return the settings whose words, as bearer tokens, may send a long body to a path."""
    wanted = [item for room in rooms() for item in room.bearers.items()]
    return [name for prefix, name in wanted if path.startswith(prefix)]


def has_bearer(request: HttpRequest) -> bool:
    """Tell whether a request without an account holds the word that its path asks for."""
    sent = bearer_of(request)
    return bool(sent) and any(
        import_string(name)(sent) if "." in name else is_bearer(request, getattr(settings, name))
        for name in for_bearers(request.path_info)
    )


def is_bearer(request: HttpRequest, word: str) -> bool:
    """Tell whether a request's bearer token is this word, which is never empty."""
    return bool(word) and constant_time_compare(bearer_of(request), word)


def bearer_of(request: HttpRequest) -> str:
    """Return a request's bearer token (RFC 6750, 2.1); empty if there is none."""
    kind, _space, sent = request.headers.get("Authorization", "").partition(" ")
    return sent.strip() if kind.lower() == "bearer" else ""


def sitemap_of(host: Host) -> list[str]:
    """Return the names of the pages without arguments for the sitemap."""
    return [name for room in rooms() for name in room.sitemap.get(host, ())]


def plain_sitemap() -> list[str]:
    """Return the names of a district's pages that exist in plain German only."""
    return [name for room in rooms() for name in room.plain_sitemap]


def no_robots(host: Host) -> list[str]:
    """Return the prefixes of paths that search engines should not read."""
    return [path for room in rooms() for path in room.no_robots.get(host, ())]


Item = TypeVar("Item")


class Registry(Generic[Item]):
    """Collects what the rooms' modules of one name contribute.

    They are imported on first use, as Django does with ``admin``
    (django.utils.module_loading.autodiscover_modules).
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self._items: list[Item] = []
        self._is_complete = False

    def register(self, item: Item) -> Item:
        """Add one contribution; also works as a decorator."""
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
