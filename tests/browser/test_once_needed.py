"""Scripts come once they are needed, and nothing typed before is missed."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stack.running import RunningStack

pytestmark = pytest.mark.browser


def test_an_address_is_checked_while_typed_by_a_script_that_came_with_the_first_touch(
    stack: RunningStack, page: Any
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://localhost:{stack.port}/quartier-anmelden/", wait_until="networkidle")
    assert not any("htmx" in url for url in asked)
    page.get_by_label("Welche Internetadresse").fill("leipziger-westem")
    expect(page.locator("#address-state")).to_contain_text("leicht mit „leipziger-westen“")
    assert any("htmx" in url for url in asked)
    page.get_by_label("Welche Internetadresse").fill("paunsdorf-nord")
    expect(page.locator("#address-state")).to_contain_text("ist frei")
