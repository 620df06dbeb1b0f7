"""What a first visit of a district's main pages costs: requests and compressed bytes.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.first_visit

Starts a stack of its own. Counts the bytes of each page as the web server itself packs it, with no
proxy in front. On a server that ran collectstatic, styles and scripts lie packed beside the plain
ones (tests/ground/test_packed_files.py). A stack of development has none of these, so they are
packed here in the same way. Ends with status 1 where a page is above the bars.
"""

import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import brotli
from playwright.sync_api import Response, sync_playwright

from tests.stack.running import RunningStack, open_folder

PAGES = ("/", "/menschen/", "/loesungsteams/")
BYTES_MOST, REQUESTS_MOST = 25_000, 4
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@dataclass
class Visit:
    """The first visit of a page by a browser that knows nothing yet."""

    path: str
    sizes: dict[str, int] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)
    cookies: int = 0

    @property
    def size(self) -> int:
        """All answers together, as they were sent, in bytes."""
        return sum(self.sizes.values())

    def hosts(self) -> set[str | None]:
        """The hosts that were asked."""
        return {urlsplit(url).hostname for url in self.sizes}


def visit(browser: Any, base: str, path: str) -> Visit:
    """Open a page in a fresh browser and count what it fetches until it is silent."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="de-DE")
    page = context.new_page()
    answers: list[Response] = []
    # A lambda: Playwright writes on what it is given.
    page.on("response", lambda answer: answers.append(answer))
    page.goto(base + path, wait_until="networkidle")
    seen = Visit(path, cookies=len(context.cookies()))
    for answer in answers:
        answer.finished()
        how = answer.all_headers().get("content-encoding", "")
        size = answer.request.sizes()["responseBodySize"]
        if not how and urlsplit(answer.url).path.startswith("/static/"):
            how, size = "on disk", len(brotli.compress(answer.body()))
        seen.sizes[answer.url], seen.packed[answer.url] = size, how
    context.close()
    return seen


def main() -> int:
    """Measure, and print one line a page."""
    above = False
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with open_folder("wiq-bench-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        stack = RunningStack(folder / "state").start()
        try:
            for path in PAGES:
                seen = visit(browser, f"http://leipziger-westen.localhost:{stack.port}", path)
                above |= seen.size > BYTES_MOST or len(seen.sizes) > REQUESTS_MOST
                print(f"{path:<18} {len(seen.sizes)} requests {seen.size:>6} bytes", flush=True)
                for url, size in seen.sizes.items():
                    print(f"    {size:>6} {seen.packed[url] or 'plain':<8} {urlsplit(url).path}")
        finally:
            stack.stop()
            browser.close()
    return int(above)


if __name__ == "__main__":
    sys.exit(main())
