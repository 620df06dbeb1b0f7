"""Two installations with forty districts: ten of them move there and back while people visit.

Too long for every run: ``python3 run.py test -n 0 -m exhaustive tests/moving``.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounts.test_factors import SEED
from tests.cast import body
from tests.moving.stacks import (
    HELD,
    LEFT_BEHIND,
    MAKE,
    SIGNED_IN,
    Visitors,
    ask,
    last_line,
    move,
    serving,
    visited,
)
from tests.stack.running import RunningStack, open_folder

DISTRICTS, MOVED = 40, 10
MOST_HELD = 1.0
HOW_LONG = """
import json
from tenants.moving.models import Move
print(json.dumps([row.held_ms for row in Move.objects.filter(stage="left")]))
"""
DRIFT = """
import json
from tenants.provisioning import template
print(json.dumps(template.differences()))
"""


@pytest.fixture
def cells() -> Iterator[list[RunningStack]]:
    with open_folder("there and back ") as folder:
        both = [RunningStack(folder / name, "--no-demo") for name in ("old", "new")]
        for one in both:
            one.start(180)
        both[0].manage(MAKE.format(first=0, count=DISTRICTS))
        yield both
        for one in both:
            one.stop()


def check(seen: Visitors, slugs: list[str], cells: list[RunningStack], at: RunningStack,
          before: dict[str, Any]) -> None:  # fmt: skip
    assert set(seen.read) == {200}
    assert set(seen.posted.values()) == {201}
    for slug in slugs:
        found, mails = last_line(at.manage(HELD.format(slug=slug)))
        new = [words for words in seen.posted if f" an {slug}." in words]
        assert sorted(found) == sorted([*before[slug][0], *new])
        assert mails == before[slug][1] + 2 * len(new)
        assert serving(cells, slug) == [at]


@pytest.mark.exhaustive
def test_ten_of_forty_move_there_and_back_and_nobody_notices(
    cells: list[RunningStack], request: pytest.FixtureRequest, capfd: Any
) -> None:
    old, new = cells
    moved = [f"viertel-{number:02}" for number in range(MOVED)]
    links, doors = {}, {}
    for slug in moved:
        sent = old.get("/api/v1/contact-requests/", f"{slug}.localhost", body())
        links[slug] = sent.json()["status_url"].partition(str(old.port))[2]
        doors[slug] = last_line(old.manage(SIGNED_IN.format(slug=slug, seed=SEED)))
    held: list[int] = []
    pages, requests, longest = 0, 0, {"read": 0.0, "post": 0.0}
    began = time.monotonic()
    for source, target in ((old, new), (new, old)):
        before = {slug: last_line(source.manage(HELD.format(slug=slug))) for slug in moved}
        with visited(cells, source, moved) as seen:
            for slug in moved:
                move(source, target, slug)
        check(seen, moved, cells, target, before)
        held += last_line(source.manage(HOW_LONG))
        pages, requests = pages + len(seen.read), requests + len(seen.posted)
        longest = {kind: max(longest[kind], seen.longest[kind]) for kind in longest}
        for slug in moved:
            cookie, token = doors[slug]
            host = f"{slug}.localhost"
            assert ask(cells, source, slug, links[slug]).status == 200
            assert target.get("/koordination/", host, Cookie=cookie).status == 200
            bearer = {"Authorization": f"Bearer {token}"}
            assert target.get("/api/v1/contact-requests/", host, **bearer).status == 200
        for one in cells:
            assert last_line(one.manage(LEFT_BEHIND)) == [[], 0, {}, []]
            assert last_line(one.manage(DRIFT)) == {}
    took = time.monotonic() - began
    reporter: Any = request.config.pluginmanager.get_plugin("terminalreporter")
    with capfd.disabled():
        reporter.write_line(
            f"{2 * MOVED} moves in {took:.0f} s, {pages} pages and {requests} requests meanwhile;"
            f" nothing could be written for {statistics.median(held)} ms (median),"
            f" {max(held)} ms at most; the longest page took {longest['read']:.2f} s,"
            f" the longest request {longest['post']:.2f} s"
        )
    assert max(held) < MOST_HELD * 1000
