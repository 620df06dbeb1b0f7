"""Every page with text twice as large, for a finger, and with a keyboard alone (WCAG 2.2)."""

from typing import Any

import pytest

from tests.browser.test_accessibility import addresses
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

# 2.5.8: at least 24 by 24, or a circle of that size around its middle meets no other target, or it
# stands within a sentence.
SMALL_TARGETS = """() => {
  const seen = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,label[for]')]
    .filter(e => e.type !== 'hidden' && e.getClientRects().length && !e.closest('[aria-hidden=true]')
                 && !e.matches('.skip') && getComputedStyle(e).visibility !== 'hidden');
  const boxes = seen.map(e => e.getBoundingClientRect());
  const inSentence = e => {
    const block = e.closest('p,li,dd,figcaption,small,blockquote');
    return block && getComputedStyle(e).display === 'inline'
      && block.textContent.trim().length > e.textContent.trim().length + 3;
  };
  const near = (i, j) => {
    const a = boxes[i], b = boxes[j], x = a.x + a.width / 2, y = a.y + a.height / 2;
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy) < 12;
  };
  return seen.map((e, i) => [e, i]).filter(([e, i]) => e.tagName !== 'LABEL'
      && (boxes[i].width < 23.9 || boxes[i].height < 23.9) && !inSentence(e)
      && seen.some((f, j) => j !== i && !e.contains(f) && !f.contains(e) && f.htmlFor !== e.id && near(i, j)))
    .map(([e]) => e.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways_with_text_twice_as_large(
    stack: RunningStack, browser: Any, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    found = {}
    for url in addresses(stack.port):
        page.goto(url)
        # 18 px is the size of the text: 200 % of it.
        page.evaluate("document.documentElement.style.fontSize = '36px'")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[url] = wide
    context.close()
    assert found == {}


def test_every_target_is_large_enough_for_a_finger(stack: RunningStack, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    found = {}
    for url in addresses(stack.port):
        page.goto(url)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if small := page.evaluate(SMALL_TARGETS):
            found[url] = small
    page.set_content(
        '<a href="/a" style="font-size:9px">a</a><br><a href="/b" style="font-size:9px">b</a>'
    )
    planted = page.evaluate(SMALL_TARGETS)
    context.close()
    assert len(planted) == 2, "the measure finds nothing"
    assert found == {}


def go_to(page: Any, selector: str) -> None:
    """Press the tab key until an element has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


def test_a_message_and_an_idea_are_sent_with_the_keyboard_alone(
    stack: RunningStack, browser: Any
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    forms = {
        "/kontakt/": (("name", "Erika Beispiel"), ("email", "erika@taste.example"),
                      ("message", "Guten Tag, hier schreibt jemand ohne Maus.")),
        "/idee/": (("title", "Eine Bank"), ("description", "Am Kanal fehlt eine Bank zum Ausruhen."),
                   ("name", "Erika Beispiel"), ("email", "erika@taste.example")),
    }  # fmt: skip
    for path, fields in forms.items():
        page.goto(f"http://leipziger-westen.localhost:{stack.port}{path}")
        for name, typed in fields:
            go_to(page, f"[name={name}]")
            page.keyboard.type(typed)
        go_to(page, "[name=privacy_acknowledged]")
        page.keyboard.press("Space")
        go_to(page, "form.big button, form.big [type=submit]")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Danke").wait_for()
    context.close()
