"""The swarm as a browser draws it: names that can be read, in a window wide enough for them."""

from typing import Any

import pytest

from tests.stack.running import RunningStack

pytestmark = pytest.mark.browser
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.swarm .name')].map(e => [e, e.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([one, a], i) => boxes.slice(0, i).forEach(([other, b]) => {
    // Letters end before their line does: a line may lie on the next by a few points.
    if (a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
      found.push(`${one.textContent} / ${other.textContent}`);
  }));
  return found;
}"""


def test_every_bird_has_its_name_where_there_is_room(stack: RunningStack, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/menschen/")
    assert page.locator(".swarm .name").count() == 25  # three people, 22 solution teams
    assert page.evaluate(OVERLAPS) == []
    for width in (1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.locator(".swarm .name").first.is_visible()
    page.get_by_text("Das Bild in Worten").click()
    assert page.locator("#swarm-words").get_by_role("link", name="LEIPZIG GIESST").is_visible()
