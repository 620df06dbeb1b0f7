"""Two whole installations behind the shipped proxy: one console for both, and one of them fails."""

import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from bench import cells as bench
from tenants.cells.asking import SECONDS
from tests.deploy.cells import PROJECT_TEAM, WEST, A, B, TwoCells, two_cells
from tests.stack.running import RunningStack
from tests.stack.test_page_cache import Desk

PAGE = "/plattform/installationen/"
# What a page takes beside the time limit for others, on a busy machine.
LEEWAY = 2.0


class Console(Desk):
    """Somebody of the project team at the console of one installation."""

    def __init__(self, both: TwoCells, host: str) -> None:
        proxy = cast(RunningStack, SimpleNamespace(port=both.port))
        super().__init__(proxy, host, PROJECT_TEAM)

    def read(self, query: str = "") -> str:
        return re.sub(r"\s+", " ", self.get(PAGE + query))


@pytest.fixture(scope="module")
def both() -> Iterator[TwoCells]:
    with two_cells() as found:
        yield found


@pytest.mark.thorough
def test_one_console_lists_both_and_says_in_time_that_one_is_gone(both: TwoCells) -> None:
    console = Console(both, B)
    page = console.read()
    assert "4 Quartiere in 2 Installationen" in page
    for host in (A, B):
        assert f"{WEST}.{host}" in page
    assert "Gedacht für 50, also ist Platz für 48 weitere." in page
    assert "Gedacht für 2. Es ist kein Platz mehr." in page
    found = console.read("?q=osten&installation=" + f"{A}:{both.port}")
    assert f"leipziger-osten.{A}" in found
    assert f"leipziger-osten.{B}" not in found
    # The full one leads to the one with room.
    assert f"http://{A}:" in both.asked(B, "/quartier-anmelden/")[1]
    both.kill(both.a)
    began = time.monotonic()
    page = console.read()
    assert time.monotonic() - began < SECONDS + LEEWAY
    assert "Diese Installation antwortet nicht, seit" in page
    assert f"{WEST}.{A}" in page  # as it was last
    assert f"{WEST}.{B}" in page
    assert both.asked(f"{WEST}.{A}")[0] == 503
    assert both.asked(f"{WEST}.{B}")[0] == 200
    status, form = both.asked(B, "/quartier-anmelden/")
    assert (status, 'name="motivation"' in form) == (200, True)
    both.a.start()
    assert "antwortet nicht" not in console.read()


@pytest.mark.exhaustive
def test_visitors_of_one_do_not_notice_that_the_other_is_gone(both: TwoCells) -> None:
    found = bench.measured(both, rounds=3, seconds=15)
    assert found["failed"] == 0
    assert found["ratio of the p95"] <= 1.2, found
