"""Nothing crosses from one district to another, by any address, method or role."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation import plan, routes, table
from tests.isolation.headers import PRODUCTION
from tests.isolation.plan import Call
from tests.isolation.walk import Walk
from tests.isolation.world import Place

AT_LEAST = 15_000


@pytest.fixture
def walk(places: list[Place], db: None, settings: Any) -> Iterator[Walk]:
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    logging.disable(logging.CRITICAL)  # a line for each of forty thousand requests
    yield Walk(places)
    logging.disable(logging.NOTSET)


@pytest.fixture
def calls(places: list[Place]) -> list[Call]:
    """The whole walk."""
    return [
        *plan.district_calls(places, routes.routes(routes.DISTRICT)),
        *plan.platform_calls(places, routes.routes(routes.PLATFORM)),
    ]


def found(walk: Walk) -> str:
    """Return what was found, in lines; nothing where nothing was."""
    shown = "\n".join(str(finding) for finding in walk.findings[:40])
    return f"{len(walk.findings)} findings:\n{shown}" if shown else ""


@pytest.mark.exhaustive
def test_the_walk_finds_nothing(walk: Walk, calls: list[Call]) -> None:
    walk.send_all(calls)
    walk.unknown_hosts()
    assert not found(walk)
    assert walk.sent >= AT_LEAST
    # A walk past closed doors alone would find nothing, too.
    assert walk.statuses[200] > 5000
    assert walk.statuses[201] > 10
    assert walk.statuses[204] > 10


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["district", "platform"])
def test_a_sample_with_every_route_role_and_method_finds_nothing(
    walk: Walk, calls: list[Call], seed: int, kind: str
) -> None:
    calls = [call for call in calls if call.kind == kind]
    some = plan.sample(calls, seed)
    for each in ("path", "role", "method"):
        names = [
            {getattr(c.route if each == "path" else c, each) for c in cs} for cs in (some, calls)
        ]
        assert names[0] == names[1], each
    walk.send_all(some)
    walk.unknown_hosts()
    assert not found(walk)
    assert walk.statuses[200] > 200


@pytest.mark.thorough
def test_the_page_about_the_walk_says_what_it_asks_for(calls: list[Call]) -> None:
    table.compare(calls)


@pytest.mark.thorough
def test_another_seed_is_another_sample_and_the_same_seed_the_same(calls: list[Call]) -> None:
    assert plan.sample(calls, 1) == plan.sample(calls, 1) != plan.sample(calls, 2)
