"""The status page as a resident uses it who sees it for the first time: by its words."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import problems
from tests.browser.test_desk import MOST_ACTIONS, WIDTHS, Hands
from tests.stack.running import RunningStack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
WEST = "leipziger-westen.localhost"
ANSWER = """
from django_tenants.utils import tenant_context
from directory.contact import answering
from directory.contact.models import ContactRequest
from tenants.districts.models import District
with tenant_context(District.objects.get(slug="leipziger-westen")):
    request = ContactRequest.objects.get(email="{email}")
    answering.answer(request, text="Das macht unser Lösungsteam am Freitag.", actor="test")
"""


@pytest.fixture
def email() -> str:
    return f"hecke-{secrets.token_hex(4)}@beispiel.example"


@pytest.fixture
def status(stack: RunningStack, email: str) -> str:
    """A request that the team has answered: the address of its status page."""
    stack.forget_posts()
    sent = {"name": "Erika Hecke", "email": email, "privacy_acknowledged": True,
            "message": "Wer schneidet die Hecke am Eingang?"}  # fmt: skip
    answer = stack.get("/api/v1/contact-requests/", WEST, sent)
    assert answer.status == 201
    stack.manage(ANSWER.format(email=email))
    return str(answer.json()["status_url"])


@pytest.fixture(params=[(width, scripts) for width in WIDTHS for scripts in (True, False)])
def hands(request: pytest.FixtureRequest, browser: Any) -> Iterator[Hands]:
    width, scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 760}, locale="de-DE", java_script_enabled=scripts
    )
    yield Hands(context.new_page())
    context.close()


def mailed_code(stack: RunningStack, email: str) -> str:
    """Return the digits of the newest mail to an address, from the mail catcher."""

    def code() -> str:
        page = stack.get("/postfach/").text
        for item in re.findall(r"<li.*?</li>", page, re.DOTALL):
            if email in item and "Code" in item:
                link = re.findall(r'href="(/postfach/[^"]+)"', item)[0]
                found = re.findall(r"^\d{6}$", stack.get(link).text, re.MULTILINE)
                if found:
                    return str(found[0])
        return ""

    return str(eventually(code, 20, "the code arrived"))


def fits(page: Any, width: int) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert problems(page) == []


def test_a_resident_reads_the_answer_and_adds_something(
    stack: RunningStack, hands: Hands, status: str, email: str
) -> None:
    page = hands.page
    page.goto(status)
    expect(page.get_by_text("Lösungsteam am Freitag")).to_have_count(0)
    hands.press("Ziffern schicken")
    expect(page.get_by_text("Wir haben sechs Ziffern an")).to_be_visible()
    hands.type("Die sechs Ziffern aus der E-Mail", mailed_code(stack, email))
    hands.press("Lesen")
    expect(page.get_by_text("Das macht unser Lösungsteam am Freitag.")).to_be_visible()
    expect(page.get_by_text("Wer schneidet die Hecke am Eingang?")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS
    hands.actions = 0
    hands.type("Ihr Text an das Team", "Danke, ich bin dabei.")
    hands.press("Abschicken")
    expect(page.get_by_text("Danke, Ihr Text ist beim Team.")).to_be_visible()
    expect(page.get_by_text("Danke, ich bin dabei.")).to_be_visible()
    hands.open("Hat sich Ihre Anfrage erledigt?")
    hands.press("Ja, das hat sich erledigt")
    expect(page.get_by_text("Danke, die Anfrage ist erledigt.")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS


@pytest.mark.parametrize("width", WIDTHS)
def test_each_step_of_the_page_is_open_to_all(
    stack: RunningStack, browser: Any, status: str, email: str, width: int
) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": width, "height": 760}, locale="de-DE", color_scheme=scheme
        )
        page = context.new_page()
        page.goto(status)
        fits(page, width)
        if scheme == "light":
            page.get_by_role("button", name="Ziffern schicken").click()
            fits(page, width)
            page.get_by_role("button", name="Lesen").click()
            expect(page.get_by_text("Dieser Code stimmt nicht.").first).to_be_visible()
            fits(page, width)
            page.get_by_label("Die sechs Ziffern").fill(mailed_code(stack, email))
            page.get_by_role("button", name="Lesen").click()
            expect(page.get_by_text("Lösungsteam am Freitag")).to_be_visible()
            fits(page, width)
            page.goto(status.replace("/kontakt/", "/en/kontakt/"))
            expect(page.get_by_role("heading", name="What was written")).to_be_visible()
            fits(page, width)
        context.close()
