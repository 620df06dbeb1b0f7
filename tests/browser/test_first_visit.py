"""A first visit is light, sets no cookie, and asks nobody else."""

from typing import Any

import pytest

from bench.first_visit import BYTES_MOST, PAGES, REQUESTS_MOST, visit
from tests.stack.running import RunningStack

pytestmark = pytest.mark.browser
HOST = "leipziger-westen.localhost"


@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_is_light_and_asks_nobody_else(
    stack: RunningStack, browser: Any, path: str
) -> None:
    seen = visit(browser, f"http://{HOST}:{stack.port}", path)
    assert len(seen.sizes) <= REQUESTS_MOST
    assert 2_000 < seen.size <= BYTES_MOST
    assert seen.cookies == 0
    assert seen.hosts() == {HOST}
