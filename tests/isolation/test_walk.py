"""Nothing crosses from one district to another, by any address, method or role."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation import routes, table
from tests.isolation.headers import PRODUCTION
from tests.isolation.walk import Walk
from tests.isolation.world import Place, three_districts

pytestmark = pytest.mark.thorough
AT_LEAST = 15_000


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Place]]:
    with django_db_blocker.unblock(), three_districts() as made:
        yield made


@pytest.fixture
def walk(places: list[Place], db: None, settings: Any) -> Walk:
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    return Walk(places)


def test_the_walk_finds_nothing(walk: Walk) -> None:
    logging.disable(logging.CRITICAL)  # a line for each of forty thousand requests
    try:
        walk.districts(routes.routes(routes.DISTRICT))
        walk.platform(routes.routes(routes.PLATFORM))
        walk.unknown_hosts()
    finally:
        logging.disable(logging.NOTSET)
    shown = "\n".join(str(finding) for finding in walk.findings[:40])
    assert not walk.findings, f"{len(walk.findings)} findings:\n{shown}"
    assert walk.sent >= AT_LEAST
    # A walk past closed doors alone would find nothing, too.
    assert walk.statuses[200] > 5000
    assert walk.statuses[201] > 10
    assert walk.statuses[204] > 10
    table.compare(walk)
