"""Forms whose answer leads to another of our origins, in the browser that refuses redirects there.

Chromium applies form-action 'self' to all redirects after a form; the page then stays as it is,
and only the console says why, which the fixture ``page`` makes fail.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, open_folder

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
PASSWORD = "ein Kennwort zum Probieren"
WEST = "leipziger-westen.localhost"
OWN = "unser-westen.localhost"
MOVE = f"""
from django.utils import timezone
from tenants.districts import services
from tenants.districts.models import District
west = District.objects.get(slug="leipziger-westen")
services.add_domain(west, "{OWN}", is_primary=False)
west.domains.filter(domain="{OWN}").update(verified_at=timezone.now())
services.make_primary(west, "{OWN}")
"""
BACK = f"""
from tenants.districts import services
from tenants.districts.models import District
west = District.objects.get(slug="leipziger-westen")
services.make_primary(west, "{WEST}")
west.domains.filter(domain="{OWN}").delete()
"""


@pytest.fixture(scope="module")
def own() -> Iterator[RunningStack]:
    """A stack whose district may move."""
    with open_folder("wiq-origins-") as folder:
        running = RunningStack(prepared(folder / "state"), WIQ_DEMO_PASSWORD=PASSWORD).start()
        yield running
        running.stop()


@pytest.fixture
def move(own: RunningStack) -> Iterator[Any]:
    """Call it to move the district to a domain of its own."""
    yield lambda: own.manage(MOVE)
    own.manage(BACK)


def sign_in(page: Any, stack: RunningStack, host: str, email: str, path: str) -> None:
    page.goto(f"http://{host}:{stack.port}{path}")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def here(page: Any) -> str:
    return str(page.evaluate("location.hostname"))


def test_a_support_visit_begins_at_the_console_and_ends_with_a_button(
    own: RunningStack, page: Any
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, own, "localhost", "projektteam@wiq.example", "/plattform/districts/district/")
    page.get_by_role("link", name="Leipziger Westen", exact=True).click()
    page.get_by_label("Grund des Besuchs").fill("Frage zum Leitfaden")
    page.get_by_role("button", name="Besuch beginnen").click()
    page.get_by_role("heading", name="Besuch in „Leipziger Westen“").wait_for()
    assert here(page) == WEST
    page.get_by_role("button", name="Betreten").click()
    notice = page.locator(".visit")
    expect(notice).to_contain_text("Frage zum Leitfaden")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Besuch beenden").click()
    page.get_by_role("heading", name="Der Besuch ist beendet").wait_for()
    page.get_by_role("link", name="Zurück zur Konsole").click()
    page.wait_for_url("**/plattform/")


def test_a_message_written_before_the_district_moved_arrives(
    own: RunningStack, page: Any, move: Any
) -> None:
    page.goto(f"http://{WEST}:{own.port}/kontakt/")
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre Nachricht").fill("Guten Tag, ich hätte gern eine Bank am Kanal.")
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    move()
    # With a mistake the form comes back where it was, with its look and all that was typed.
    page.get_by_role("button", name="Nachricht abschicken").click()
    expect(page.locator("#errors")).to_be_focused()
    assert here(page) == WEST
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 0
    page.get_by_label("Ihre E-Mail-Adresse").fill("erika@reise.example")
    page.get_by_role("button", name="Nachricht abschicken").click()
    page.get_by_role("heading", name="Danke, Ihre Nachricht ist da").wait_for()
    assert here(page) == OWN


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_search_begun_before_the_district_moved_is_answered(
    own: RunningStack, browser: Any, move: Any, with_scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=with_scripts, locale="de-DE")
    page = context.new_page()
    page.goto(f"http://{WEST}:{own.port}/loesungsteams/")
    move()
    page.get_by_label("Suchen").fill("Recyclingstaton")
    if not with_scripts:
        page.get_by_role("button", name="Anzeigen").click()
    page.wait_for_url(f"http://{OWN}:{own.port}/loesungsteams/?*q=Recyclingstaton*")
    expect(page.locator(".count")).to_contain_text("1 Lösungsteam")
    context.close()


def test_a_link_of_a_page_opened_before_leads_on_and_so_does_an_idea(
    own: RunningStack, page: Any, move: Any
) -> None:
    page.goto(f"http://{WEST}:{own.port}/")
    move()
    page.get_by_role("link", name="Idee einbringen").first.click()
    page.wait_for_url(f"http://{OWN}:{own.port}/idee/")


def test_a_text_written_at_the_desk_before_the_move_is_saved(
    own: RunningStack, page: Any, move: Any
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    email = "koordination@leipziger-westen.wiq.example"
    sign_in(page, own, WEST, email, "/koordination/solutions/topic/add/")
    page.locator("input[name=name]").fill("Nachbarschaft am Kanal")
    move()
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url(f"http://{OWN}:{own.port}/anmelden/**")
    code = "from django_tenants.utils import schema_context\n" \
        "from tenants.districts.models import District\n" \
        "from directory.solutions.models import Topic\n" \
        "with schema_context(District.objects.get(slug='leipziger-westen').schema_name):\n" \
        "    print(Topic.objects.filter(name='Nachbarschaft am Kanal').count())"  # fmt: skip
    assert own.manage(code).strip() == "1"


def test_a_sign_in_page_opened_before_the_move_leads_to_the_new_one(
    own: RunningStack, page: Any, move: Any
) -> None:
    page.goto(f"http://{WEST}:{own.port}/anmelden/")
    page.locator("input[name=login]").fill("koordination@leipziger-westen.wiq.example")
    page.locator("input[name=password]").fill(PASSWORD)
    move()
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(f"http://{OWN}:{own.port}/anmelden/**")
