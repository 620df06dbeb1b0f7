"""Dates on a phone: a coordinator announces a series with one exception, a resident comes to it."""

import re
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import problems
from tests.browser.test_console import COORDINATION, sign_in
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
WIDTH, HEIGHT = 360, 740
WHY = "Der Saal ist an diesem Abend besetzt."


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="de-DE",
        java_script_enabled=request.param,
        bypass_csp=True,
    )
    opened = context.new_page()
    opened.has_scripts = request.param
    yield opened
    context.close()


def looked_at(page: Any) -> None:
    """Find nothing wrong on a page as it is, and nothing that scrolls sideways."""
    if page.has_scripts:
        assert problems(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url


def fold_out(page: Any, words: str) -> None:
    page.locator("summary", has_text=words).click()


def save(page: Any) -> None:
    page.locator("[name=_continue]").click()
    page.wait_for_load_state()


def announce_series(page: Any, west: str, title: str, day: date) -> None:
    """Announce a weekly date that asks for registration, and take one day out of it."""
    page.goto(f"{west}/koordination/events/event/add/")
    looked_at(page)
    last = page.locator("[name=_save]").bounding_box()
    assert last["y"] + last["height"] <= 1.5 * HEIGHT, "a single date fits on a screen and a half"
    for name, typed in (
        ("title", title), ("text", "Wir trinken Kaffee."), ("day", f"{day:%d.%m.%Y}"),
        ("time", "18:00"), ("end_time", "19:30"), ("place", "Lindenauer Markt, am Brunnen"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(typed)
    fold_out(page, "Kommt wieder oder dauert länger")
    page.get_by_label("Wie oft?").select_option(label="Jede Woche")
    page.locator("[name=until]").fill(f"{day + timedelta(weeks=8):%d.%m.%Y}")
    fold_out(page, "Mitbringen und anmelden")
    page.locator("[name=needs_registration]").check()
    looked_at(page)
    save(page)
    cancel_second(page, day + timedelta(weeks=1))


def cancel_second(page: Any, day: date) -> None:
    group = page.locator("#act-day")
    expect(group.get_by_role("button", name="Diesen Tag absagen")).to_be_hidden()
    fold_out(page, "Einen Tag verschieben oder absagen")
    looked_at(page)
    group.locator("select").select_option(index=1)
    group.get_by_role("button", name="Diesen Tag absagen").click()
    # Without a word it is refused, and stays open with what was chosen.
    expect(group.get_by_text("Bitte schreiben Sie kurz, warum")).to_be_visible()
    chosen = group.locator("select option:checked").inner_text()
    assert str(day.day) in chosen
    group.get_by_label("Warum?").fill(WHY)
    group.get_by_role("button", name="Diesen Tag absagen").click()
    expect(page.get_by_text("Dieser Tag ist abgesagt.")).to_be_visible()
    looked_at(page)


def find(page: Any, west: str, title: str, day: date) -> None:
    """Come from the start page to one date, by the list and by the month."""
    page.goto(f"{west}/")
    page.get_by_label("Hauptmenü").get_by_role("link", name="Termine", exact=True).click()
    looked_at(page)
    page.get_by_role("link", name="Monat für Monat ansehen").click()
    looked_at(page)
    if page.get_by_role("link", name=title).count() == 0:
        page.get_by_role("link", name="Monat danach").click()
    page.get_by_role("link", name=title).first.click()
    looked_at(page)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("Jede Woche")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()


def fetch(page: Any, title: str, day: date) -> None:
    """Fetch the date's calendar: a series of nine, of which one says that it falls out."""
    with page.expect_download() as fetched:
        page.get_by_role("link", name="In den Kalender").click()
    calendar = icalendar.Calendar.from_ical(fetched.value.path().read_bytes())
    series, exception = calendar.walk("VEVENT")
    assert str(series["SUMMARY"]) == title
    assert series["DTSTART"].dt.date() == day
    assert exception["RECURRENCE-ID"].dt.date() == day + timedelta(weeks=1)
    assert exception["STATUS"] == "CANCELLED"


def register(page: Any, title: str) -> None:
    page.get_by_role("link", name="Anmelden", exact=True).click()
    looked_at(page)
    expect(page.get_by_text(title)).to_be_visible()
    page.get_by_label("Name").fill("Erika Kommt")
    page.get_by_label("E-Mail").first.fill("erika.kommt@beispiel.example")
    page.locator("textarea").first.fill("Wir kommen zu zweit.")
    page.get_by_label("Datenschutzhinweise gelesen").check()
    page.locator("form.big button[type=submit]").last.click()
    expect(page.get_by_role("heading", name=re.compile("Danke"))).to_be_visible()
    expect(page.get_by_text(title)).to_be_visible()
    looked_at(page)


def test_from_the_desk_to_the_door(stack: RunningStack, browser: Any, phone: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    title, day = f"Erzählcafé {secrets.token_hex(3)}", date.today() + timedelta(days=10)
    sign_in(phone, f"{west}/koordination/", COORDINATION)
    announce_series(phone, west, title, day)
    visitor = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="de-DE", bypass_csp=True,
        java_script_enabled=phone.has_scripts, accept_downloads=True,
    ).new_page()  # fmt: skip
    visitor.has_scripts = phone.has_scripts
    find(visitor, west, title, day)
    fetch(visitor, title, day)
    register(visitor, title)
    assert visitor.context.cookies() == []
    visitor.context.close()


@pytest.mark.parametrize("width", [WIDTH, 1280])
def test_axe_finds_nothing_in_the_frame_around_the_desks_tables(
    stack: RunningStack, browser: Any, width: int
) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="de-DE")
    page = context.new_page()
    sign_in(page, f"{west}/koordination/", COORDINATION)
    for path in ("events/event/", "events/event/add/", "people/team/add/", "pages/text/"):
        page.goto(f"{west}/koordination/{path}")
        found = [one for one in problems(page) if re.match("landmark|region", one)]
        assert found == [], path
        expect(page.get_by_role("main")).to_have_count(1)
    context.close()
