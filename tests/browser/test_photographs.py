"""The style page shows every component in every state; what it looked like is kept in photographs.

Text is set in one font that the stack itself serves, so that another machine's fonts change nothing.
After a wanted change WIQ_WRITE_PHOTOGRAPHS=1 takes them anew; look at them before they are committed.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.browser.conftest import FLAGS
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

KEPT = Path(__file__).with_name("photographs")
STATES: dict[str, dict[str, Any]] = {
    "day-360": {"width": 360},
    "day-1280": {"width": 1280},
    "night-360": {"width": 360, "color_scheme": "dark"},
    "night-1280": {"width": 1280, "color_scheme": "dark"},
    "forced-colours-360": {"width": 360, "forced_colors": "active"},
    "print-720": {"width": 720, "media": "print"},
}
FONT = """
@font-face { font-family: Photograph; src: url(/static/unfold/fonts/inter/Inter-Medium.woff2); }
:root { --serif: Photograph; --sans: Photograph; }
/* The browser's own player, and whether it still turns its wheel, are not ours to judge. */
video::-webkit-media-controls { display: none !important; }
"""
# A photograph is kept at half its size and compared in squares of this many of its points: the edges
# of letters differ from machine to machine, the mean of a square does not.
SQUARE = 8
# Of 255. A mark or a border that is missing changes its squares by more than 20.
TOLERANCE = 10


@pytest.fixture(scope="module")
def camera() -> Iterator[Any]:
    """A Chromium whose letters are as wide on every machine."""
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        pytest.skip("no Chromium on this machine (CHROMIUM or PATH)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium,
            args=[*FLAGS, "--font-render-hinting=none", "--force-color-profile=srgb"],
        )
        yield launched
        launched.close()


def photograph(camera: Any, port: int, state: dict[str, Any], style: str = "") -> Image.Image:
    """Return the style page's main part as it looks in a state, at half its size."""
    told = {name: state[name] for name in ("color_scheme", "forced_colors") if name in state}
    context = camera.new_context(
        viewport={"width": state["width"], "height": 800}, reduced_motion="reduce",
        bypass_csp=True, **told,
    )  # fmt: skip
    page = context.new_page()
    if "media" in state:
        page.emulate_media(media=state["media"])
    page.goto(f"http://leipziger-westen.localhost:{port}/stil/")
    page.add_style_tag(content=FONT + style)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate("document.fonts.ready")
    taken = page.locator("main").screenshot(animations="disabled")
    context.close()
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    return whole.reduce(2)


def difference(one: Image.Image, other: Image.Image) -> int:
    """Return how far the most different square lies apart, 0 to 255; 255 for another size."""
    if one.size != other.size:
        return 255
    squares = ImageChops.difference(one, other).reduce(SQUARE)
    return max(int(band[1]) for band in squares.getextrema())  # type: ignore[index]


@pytest.mark.parametrize("name", STATES)
def test_every_component_looks_as_it_was_photographed(
    stack: RunningStack, camera: Any, name: str, tmp_path: Path
) -> None:
    taken = photograph(camera, stack.port, STATES[name])
    kept = KEPT / f"{name}.webp"
    if os.environ.get("WIQ_WRITE_PHOTOGRAPHS"):
        KEPT.mkdir(exist_ok=True)
        taken.save(kept, lossless=True, method=6)
    expected = Image.open(kept).convert("RGB")
    found = difference(taken, expected)
    if found > TOLERANCE:
        taken.save(tmp_path / "now.png")
    assert found <= TOLERANCE, f"{expected.size} was, {taken.size} is: {tmp_path / 'now.png'}"


@pytest.mark.parametrize(
    "mistake",
    [
        ".tag { border-color: transparent; }",
        ":root { --brand-mark: #777; }",
        ".card { padding: 1rem; }",
        "#seats svg { visibility: hidden; }",
        ".field .error { font-weight: 400; color: var(--ink); }",
    ],
)
def test_the_camera_notices_what_went_wrong(stack: RunningStack, camera: Any, mistake: str) -> None:
    state = STATES["day-360"]
    right = photograph(camera, stack.port, state)
    assert difference(right, photograph(camera, stack.port, state)) == 0
    assert difference(right, photograph(camera, stack.port, state, mistake)) > TOLERANCE
