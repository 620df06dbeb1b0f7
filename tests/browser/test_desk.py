"""The desk as somebody uses it who sees it for the first time: by its words, with few actions."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import problems
from tests.browser.test_console import COORDINATION, sign_in
from tests.stack.running import RunningStack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
MOST_ACTIONS, MOST_KILOBYTES = 4, 120
WIDTHS = (360, 1280)


class Hands:
    """Uses a page by its visible words, and counts what it takes."""

    def __init__(self, page: Any) -> None:
        self.page, self.actions = page, 0

    def press(self, words: str, role: str = "button") -> None:
        self.actions += 1
        self.page.get_by_role(role, name=words).first.click()

    def open(self, words: str) -> None:
        """Open what is folded up."""
        self.actions += 1
        self.page.locator("summary", has_text=words).click()

    def type(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(label).fill(text)


@pytest.fixture
def west(stack: RunningStack) -> str:
    return f"http://leipziger-westen.localhost:{stack.port}"


@pytest.fixture
def asked(stack: RunningStack) -> str:
    """A request of a resident: her name."""
    name = f"Frau {secrets.token_hex(3)}"
    sent = {"name": name, "email": "frau@beispiel.example", "privacy_acknowledged": True,
            "message": f"Guten Tag, wer mäht den Streifen am Kanal? {name}"}  # fmt: skip
    answer = stack.get("/api/v1/contact-requests/", "leipziger-westen.localhost", sent)
    assert answer.status == 201
    return name


@pytest.fixture(params=WIDTHS)
def hands(request: pytest.FixtureRequest, west: str, page: Any) -> Iterator[Hands]:
    page.set_viewport_size({"width": request.param, "height": 760})
    sign_in(page, f"{west}/koordination/", COORDINATION)
    yield Hands(page)


def in_letter(hands: Hands, west: str, name: str) -> None:
    """Lie before the inbox; opening the letter is the first action."""
    hands.page.goto(f"{west}/koordination/posteingang/?sicht=wir")
    hands.press(name, "link")
    expect(hands.page.get_by_role("heading", name=name)).to_be_visible()


def test_the_day_is_opened_and_somebody_takes_the_oldest(
    hands: Hands, west: str, asked: str
) -> None:
    hands.page.goto(f"{west}/koordination/")
    hands.press("Antworten", "link")
    hands.press("Ich kümmere mich")
    expect(hands.page.get_by_text("Sie kümmern sich jetzt darum.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS
    # For whoever comes next.
    hands.open("Weitergeben")
    hands.press("Zurückgeben an alle")


def test_an_answer_is_sent_from_a_template(hands: Hands, west: str, asked: str) -> None:
    add_template(hands.page, west)
    in_letter(hands, west, asked)
    hands.press("Danke, wir melden uns")
    expect(hands.page.get_by_label("Ihre Antwort")).to_have_value(re.compile(f"Guten Tag {asked}"))
    hands.press("Antwort senden")
    expect(hands.page.get_by_text("Ihre Antwort ist unterwegs.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS


def add_template(page: Any, west: str) -> None:
    page.goto(f"{west}/koordination/posteingang/")
    page.goto(f"{west}/koordination/pages/text/?q=danke-wir")
    if page.get_by_role("link", name="Danke, wir melden uns").count():
        return
    page.goto(f"{west}/koordination/pages/text/add/")
    page.locator("select[name=kind]").select_option("mail", force=True)
    page.locator("input[name=slug]").fill("danke-wir-melden-uns")
    page.locator("input[name=title]").fill("Danke, wir melden uns")
    page.locator("textarea[name=body]").fill("Guten Tag {name},\n\nvielen Dank. {ich}")
    page.get_by_role("button", name="Speichern", exact=True).or_(
        page.get_by_role("button", name="Speichern", exact=True)
    ).first.click()
    page.wait_for_load_state()


COLLEAGUE = """
from django_tenants.utils import tenant_context
from tenants.districts.models import District
from wiq.accounts.models import User
with tenant_context(District.objects.get(slug="leipziger-westen")):
    User.objects.get_or_create(
        email="lou@leipziger-westen.wiq.example", defaults={"role": "coordinator", "name": "Lou"}
    )
"""


@pytest.fixture
def lou(stack: RunningStack) -> None:
    stack.manage(COLLEAGUE)


def test_a_request_is_handed_on(hands: Hands, west: str, asked: str, lou: None) -> None:
    in_letter(hands, west, asked)
    hands.open("Weitergeben")
    hands.actions += 1
    hands.page.get_by_label("An wen?").select_option("Lou")
    hands.actions += 1
    hands.page.locator(".acts").get_by_role("button", name="Weitergeben").click()
    expect(hands.page.get_by_text("Lou kümmert sich darum.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS


def test_a_call_is_noted(hands: Hands, west: str, asked: str) -> None:
    in_letter(hands, west, asked)
    hands.open("Gespräch notieren")
    hands.type("Was wurde besprochen?", "Sie kommt am Freitag vorbei.")
    hands.press("Gespräch speichern")
    expect(hands.page.get_by_text("Sie kommt am Freitag vorbei.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS


def test_what_is_typed_is_kept_without_a_button(hands: Hands, west: str, asked: str) -> None:
    in_letter(hands, west, asked)
    box = hands.page.get_by_label("Ihre Antwort")
    box.click()
    eventually(lambda: hands.page.evaluate("window.htmx !== undefined"), 20)
    with hands.page.expect_response(lambda response: "entwurf" in response.url) as kept:
        box.press_sequentially("Ich habe schon angef", delay=5)
    assert kept.value.ok
    hands.page.reload()
    expect(hands.page.get_by_label("Ihre Antwort")).to_have_value(re.compile("angef"))


def test_single_keys_move_about_and_can_be_switched_off(
    stack: RunningStack, page: Any, west: str, asked: str
) -> None:
    sign_in(page, f"{west}/koordination/", COORDINATION)
    page.keyboard.press("p")
    page.wait_for_url("**/posteingang/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    first = page.locator(".mailbox li").first
    expect(first.get_by_role("checkbox")).to_be_checked()
    expect(first.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/posteingang/[A-Z0-9]{4}-[A-Z0-9]{4}/$"))
    page.keyboard.press("a")
    box = page.get_by_label("Ihre Antwort")
    expect(box).to_be_focused()
    box.press_sequentially("jkx?")
    expect(box).to_have_value("jkx?")
    box.fill("")
    page.goto(f"{west}/koordination/hilfe/")
    page.get_by_role("button", name="Tasten ausschalten").click()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Tasten einschalten")).to_be_visible()
    page.get_by_role("button", name="Tasten einschalten").click()


def test_several_are_handed_on_by_visible_words(
    hands: Hands, west: str, asked: str, lou: None
) -> None:
    hands.page.goto(f"{west}/koordination/posteingang/?q={asked.removeprefix('Frau ')}")
    hands.actions += 1
    hands.page.locator(".mailbox input").first.check()
    hands.press("Weitergeben")
    hands.actions += 1
    hands.page.get_by_label("An wen?").select_option("Lou")
    hands.press("Weitergeben")
    expect(hands.page.get_by_text("1 weitergegeben.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS


def test_the_desk_works_without_scripts(stack: RunningStack, browser: Any, west: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    sign_in(page, f"{west}/koordination/", COORDINATION)
    assert stack.send_request("ohne-skripte@beispiel.example").status == 201
    page.goto(f"{west}/koordination/posteingang/?sicht=wir")
    page.locator(".mailbox a").first.click()
    page.locator("summary", has_text="Notiz für das Team").click()
    page.get_by_label("Die Person sieht sie nicht.").fill("Ohne Skripte notiert.")
    page.get_by_role("button", name="Notiz speichern").click()
    expect(page.get_by_text("Ohne Skripte notiert.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_desks_pages_are_light_quiet_and_open_to_all(
    stack: RunningStack, browser: Any, west: str, width: int, scheme: str
) -> None:
    """Axe finds nothing, nothing scrolls sideways, and the first load is small."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE"
    )
    page = context.new_page()
    sign_in(page, f"{west}/koordination/", COORDINATION)
    assert stack.send_request("leise@beispiel.example").status == 201
    page.goto(f"{west}/koordination/posteingang/")
    letter = page.locator(".mailbox a").first.get_attribute("href")
    paths = (
        *("", "posteingang/", "posteingang/anruf/", "alles/", "hilfe/", "webhooks/", "zahlen/"),
        *("datenschutz/", "datenschutz/vertrag/", "datenschutz/datenpanne/"),
    )
    for path in paths:
        page.goto(f"{west}/koordination/{path}")
        looked_at(page, width)
    page.goto(west + letter)
    looked_at(page, width)
    page.goto(f"{west}/koordination/posteingang/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name="Schließen").click()
    page.locator(".mailbox input").first.check()
    page.get_by_role("button", name="Als Spam ablegen").click()
    expect(page.get_by_role("heading", name="Ist das Spam?")).to_be_visible()
    looked_at(page, width)
    context.close()


def looked_at(page: Any, width: int) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    sizes = page.evaluate(
        "performance.getEntries().map(e => e.transferSize || 0).reduce((a, b) => a + b, 0)"
    )
    assert sizes <= MOST_KILOBYTES * 1024, page.url
