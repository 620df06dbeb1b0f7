"""The project team's console and the desk's buttons in a browser, on a phone and on a screen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stack.running import RunningStack, eventually

pytestmark = pytest.mark.browser
PROJECT_TEAM = "projektteam@wiq.example"
COORDINATION = "koordination@leipziger-westen.wiq.example"
PASSWORD = "ein Kennwort zum Probieren"


def sign_in(page: Any, start: str, email: str) -> None:
    page.goto(start)
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(re.compile(re.escape(start)))


@pytest.fixture
def console(stack: RunningStack, page: Any) -> Iterator[Any]:
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, f"http://localhost:{stack.port}/plattform/", PROJECT_TEAM)
    yield page


def district_page(page: Any, stack: RunningStack) -> None:
    page.goto(f"http://localhost:{stack.port}/plattform/districts/district/")
    page.get_by_role("link", name="Leipziger Osten", exact=True).click()
    page.get_by_role("heading", name="Zustand").wait_for()


def applied(stack: RunningStack, page: Any) -> None:
    """Apply with a quarter as a visitor, and confirm it from the mail."""
    base = f"http://localhost:{stack.port}"
    sent = {
        "district_name": "Nordufer", "slug": "nordufer", "city": "Leipzig",
        "organisation": "Verein am Ufer", "contact_name": "Kim Ufer", "email": "kim@ufer.example",
        "motivation": "Bei uns wollen viele etwas bewegen.", "privacy_acknowledged": True,
    }  # fmt: skip
    assert page.request.post(f"{base}/api/v1/applications/", data=sent).status == 201
    eventually(lambda: "kim@ufer.example" in stack.get("/postfach/").text, 15, "the mail arrived")
    page.goto(f"{base}/postfach/")
    page.locator(".mails li", has_text="kim@ufer.example").get_by_role("link").first.click()
    found = re.findall(r"http\S+/quartier-anmelden/\S+", page.locator("pre.mail").inner_text())
    page.goto(found[0])
    page.get_by_role("button", name="Ja").first.click()


def test_an_application_is_read_and_decided_on_one_page(stack: RunningStack, console: Any) -> None:
    applied(stack, console)
    console.goto(f"http://localhost:{stack.port}/plattform/")
    console.get_by_role("link", name="Nordufer, Leipzig").click()
    expect(console.get_by_text("Bei uns wollen viele etwas bewegen.")).to_be_visible()
    ask = console.get_by_role("button", name="Rückfrage stellen")
    ask.click()
    note = console.get_by_label("Text an die Person")
    expect(console.get_by_text("Bitte schreiben Sie dazu einen Text")).to_be_visible()
    expect(note).to_be_focused()
    note.fill("Wer ist der Träger?")
    ask.click()
    expect(console.get_by_text("Die Rückfrage ist unterwegs.")).to_be_visible()
    console.get_by_role("button", name="Annehmen und einrichten").click()
    expect(console.get_by_text("Das Quartier wird jetzt eingerichtet")).to_be_visible()
    assert console.get_by_role("button", name="Ablehnen").count() == 0


@pytest.mark.thorough
def test_a_button_asks_before_what_stands_in_another_form_is_lost(
    stack: RunningStack, console: Any
) -> None:
    district_page(console, stack)
    asked: list[str] = []
    console.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    console.get_by_label("Telefon").fill("0341 12345")
    console.get_by_role("button", name="Zur Koordination einladen").click()
    assert len(asked) == 1
    expect(console.get_by_label("Telefon")).to_have_value("0341 12345")
    # And the other way round: the reason of a move is not lost by saving the data.
    console.reload()
    console.get_by_label("Grund", exact=True).fill("Umbau")
    console.get_by_role("button", name="Speichern", exact=True).click()
    assert len(asked) == 2
    expect(console.get_by_label("Grund", exact=True)).to_have_value("Umbau")


@pytest.mark.thorough
def test_a_button_alone_asks_nothing(stack: RunningStack, console: Any) -> None:
    district_page(console, stack)
    console.on("dialog", lambda dialog: pytest.fail(dialog.message))
    console.get_by_label("Neue eigene Domain").fill("osten.example")
    console.get_by_role("button", name="Domain anmelden").click()
    expect(console.get_by_text("osten.example ist angemeldet.")).to_be_visible()
    console.set_viewport_size({"width": 360, "height": 740})
    console.get_by_role("button", name="Im DNS nachsehen").click()
    found = console.get_by_text(re.compile("efunden: "))
    expect(found).to_be_visible(timeout=15_000)
    expect(found).to_be_in_viewport()
    assert console.evaluate("document.documentElement.scrollWidth") <= 360
    console.get_by_role("button", name="Aufgeben").click()
    expect(console.get_by_text("osten.example ist aufgegeben.")).to_be_visible()


@pytest.mark.thorough
def test_stuck_mails_are_seen_without_scrolling(stack: RunningStack, console: Any) -> None:
    console.goto(f"http://localhost:{stack.port}/plattform/districts/district/")
    console.get_by_role("checkbox").first.check()
    console.locator("select[name=action]").select_option("count_now")
    console.get_by_role("button", name="Ausführen").click()
    console.goto(f"http://localhost:{stack.port}/plattform/console/vital/")
    for name in ("E-Mails, die nicht ankommen", "überfällige Anfragen"):
        box = console.locator("th", has_text=name).bounding_box()
        assert box["x"] + box["width"] <= 1280, name
        assert box["y"] + box["height"] <= 800, name
    console.set_viewport_size({"width": 360, "height": 740})
    stuck = console.locator('[data-label="E-Mails, die nicht ankommen"]').first
    stuck.scroll_into_view_if_needed()
    box = stuck.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.thorough
def test_the_buttons_of_the_desk_fit_on_a_phone(stack: RunningStack, page: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    sign_in(page, f"{west}/koordination/", COORDINATION)
    page.goto(f"{west}/koordination/solutions/solutionteam/")
    page.get_by_role("link", name="VielHaus").first.click()
    page.get_by_role("button", name="Heute bestätigt").click()
    expect(page.get_by_text("Notiert: Heute stimmt alles auf der Seite.")).to_be_visible()
    for button in page.locator("#acts button").all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360, button.inner_text()
    page.goto(f"{west}/koordination/solutions/solutionteam/")
    page.goto(page.url)
