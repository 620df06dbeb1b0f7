"""A browser, and the stack it visits."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


# For one module: as long as Playwright runs, its event loop lies in this thread, and Django refuses
# to open a database for whoever comes next.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        pytest.skip("no Chromium on this machine (CHROMIUM or PATH)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A phone, whose console must stay silent and which may load nothing from elsewhere."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="de-DE")
    opened = context.new_page()
    problems: list[str] = []
    opened.on(
        "response",
        lambda r: (
            problems.append(f"{r.status} {r.url}") if r.status >= 400 and r.status != 422 else None
        ),
    )
    opened.on(
        "console", lambda m: problems.append(m.text) if "Failed to load" not in m.text else None
    )
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            problems.append(request.url)
            if ".localhost" not in request.url
            and "//localhost" not in request.url
            and not request.url.startswith("data:")
            else None
        ),
    )
    yield opened
    context.close()
    assert not problems
