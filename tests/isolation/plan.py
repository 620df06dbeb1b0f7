"""What the walk asks for: every route, method and role over ordered pairs of districts."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.isolation.routes import Route, general_things
from tests.isolation.world import Place

VISITOR, LOCAL_EDITOR, LOCAL_COORDINATOR = "visitor", "editor", "coordinator"
FOREIGN_COORDINATOR, TEAM = "coordinator of the other", "project team"
FOREIGN_TOKEN, FOREIGN_COOKIE = "token of the other", "cookie of the other"
ROLES = (VISITOR, LOCAL_EDITOR, LOCAL_COORDINATOR, FOREIGN_COORDINATOR, TEAM, FOREIGN_TOKEN,
         FOREIGN_COOKIE)  # fmt: skip
LOCAL = (VISITOR, LOCAL_EDITOR, LOCAL_COORDINATOR)
PLATFORM_HOST = "localhost"


@dataclass(frozen=True)
class Call:
    """One request: who asks whom for what, with the things of which district."""

    here: Place | None  # None: the platform's host
    other: Place
    route: Route
    role: str
    method: str
    address: str

    @property
    def host(self) -> str:
        return self.here.host if self.here else PLATFORM_HOST

    @property
    def kind(self) -> str:
        return "district" if self.here else "platform"


def pairs(places: list[Place]) -> Iterator[tuple[Place, Place]]:
    """Return every ordered pair of districts, and each with itself."""
    for here in places:
        for other in places:
            yield here, other


def district_calls(
    places: list[Place], routes: Iterable[Route], roles: Iterable[str] = ROLES
) -> list[Call]:
    """Plan routes of district hosts, with things of one's own and of each other district."""
    chosen, roles = list(routes), list(roles)
    calls: list[Call] = []
    for here, other in pairs(places):
        for route in chosen:
            for role in roles:
                if here is other and role not in LOCAL:
                    continue
                # Without a part and without anything of the other: the request with oneself.
                if here is not other and role in LOCAL and not route.has_parts:
                    continue
                for which in (0, 1) if here is other and route.has_parts else (0,):
                    calls += _calls(here, other, route, role, which)
    return calls


def platform_calls(places: list[Place], routes: Iterable[Route]) -> list[Call]:
    """Plan routes of the platform's host, with things of each district."""
    return [
        call
        for other in places
        for route in routes
        for role in ROLES
        for call in _calls(None, other, route, role, 0)
    ]


def _calls(here: Place | None, other: Place, route: Route, role: str, which: int) -> list[Call]:
    things = {**other.things, **general_things(), "district": [str(other.row.pk)],
              "place": [other.slug], "host": [other.host]}  # fmt: skip
    address = route.addresses(things, which)
    return [Call(here, other, route, role, method, address) for method in route.methods()]


def sample(calls: Iterable[Call], seed: int) -> list[Call]:
    """Return another part of the plan for each seed: every route with each role and each method."""
    pick = random.Random(seed)
    of_route: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        of_route[call.kind, call.route.path].append(call)
    chosen: list[Call] = []
    for group in of_route.values():
        some: list[Call] = []
        for kind in ("role", "method"):
            left: dict[str, list[Call]] = defaultdict(list)
            for call in group:
                left[getattr(call, kind)].append(call)
            for name in sorted(left.keys() - {getattr(call, kind) for call in some}):
                some.append(pick.choice(left[name]))
        chosen += some
    return chosen
