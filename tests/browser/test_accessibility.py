"""Every public page and state through axe-core, by day and by night, on a phone and on a screen."""

from typing import Any

import pytest

from tests.stack.running import RunningStack

pytestmark = pytest.mark.browser
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")

DISTRICT = (
    *("/", "/menschen/", "/menschen/steuerungsteam/", "/loesungsteams/", "/neuigkeiten/"),
    *("/loesungsteams/leipzig-giesst/", "/loesungsteams/?q=gibtesnicht", "/idee/", "/kontakt/"),
    *("/einfach/", "/kontakt/einfach/", "/abonnieren/", "/einbetten/", "/glossar/", "/impressum/"),
    *("/datenschutz/", "/barrierefreiheit/", "/aushang/", "/anmelden/", "/en/", "/en/menschen/"),
    *("/stil/", "/gibt-es-nicht/"),
)
PLATFORM = (
    "/",
    "/so-geht-es/",
    "/quartiere/",
    "/nachmachen/",
    "/quartier-anmelden/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
)


def addresses(port: int) -> list[str]:
    west, platform = f"http://leipziger-westen.localhost:{port}", f"http://localhost:{port}"
    return [west + path for path in DISTRICT] + [platform + path for path in PLATFORM]


def problems(page: Any) -> list[str]:
    """Return what axe-core finds on the page as it is, one line a rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.response["passes"], "axe-core looked at nothing"
    return [
        f"{rule['id']}: {node['target']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_in_any_look(
    stack: RunningStack, browser: Any, scheme: str, width: int
) -> None:
    axe_finds_nothing(stack, browser, scheme, width)


@pytest.mark.thorough
@pytest.mark.parametrize("number", range(len(WIDTHS)))
def test_axe_finds_nothing_on_any_page(
    stack: RunningStack, browser: Any, seed: int, number: int
) -> None:
    # Each width and each look on each run; which belongs to which is drawn.
    axe_finds_nothing(stack, browser, SCHEMES[(number + seed) % 2], WIDTHS[number])


def axe_finds_nothing(stack: RunningStack, browser: Any, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for url in addresses(stack.port):
        page.goto(url)
        # What is folded away is read as well.
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found[url] = problems(page)
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/kontakt/")
    page.get_by_role("button", name="Nachricht abschicken").click()
    found["a form with mistakes"] = problems(page)
    context.close()
    assert {url: lines for url, lines in found.items() if lines} == {}


@pytest.mark.thorough
def test_every_page_can_be_walked_by_keyboard_alone(stack: RunningStack, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    for url in addresses(stack.port):
        page.goto(url)
        # The swarm told in words is a list of links, too.
        page.evaluate("document.querySelectorAll('.swarm details').forEach(d => d.open = true)")
        focusable = page.evaluate(
            """() => [...document.querySelectorAll('a[href],button,input,select,textarea,summary')]
            .filter(e => e.tabIndex >= 0 && e.type !== 'hidden' && e.getClientRects().length
            && (e.tagName === 'SUMMARY' || !e.closest('details:not([open])'))).length"""
        )
        seen = set()
        for _press in range(focusable + 2):
            page.keyboard.press("Tab")
            seen.add(page.evaluate(
                """() => { const e = document.activeElement; if (e === document.body) return '';
                if (!e.dataset.seen) e.dataset.seen = String(Math.random());
                const s = getComputedStyle(e); const inner = e.querySelector('.reach');
                const visible = s.outlineStyle !== 'none' || (inner && getComputedStyle(inner).stroke !== 'none');
                return visible ? e.dataset.seen : 'INVISIBLE ' + e.outerHTML.slice(0, 80); }"""
            ))  # fmt: skip
        seen.discard("")
        assert not [one for one in seen if one.startswith("INVISIBLE")], url
        # Radio buttons of one question are one stop.
        assert len(seen) >= focusable - 3, url
    context.close()
