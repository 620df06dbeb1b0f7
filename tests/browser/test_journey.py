"""A resident's first contact, from the start page on a phone to the answered request."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.contact.codes import code_in
from tests.stack.running import RunningStack, eventually

pytestmark = pytest.mark.browser


def test_from_the_start_page_to_an_answered_request(stack: RunningStack, page: Any) -> None:
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/")
    page.get_by_role("link", name="Schreiben Sie uns").first.click()
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre Nachricht").fill("Guten Tag, ich hätte gern eine Bank am Kanal.")
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    page.get_by_role("button", name="Nachricht abschicken").click()

    # The address is missing: the summary has the focus, and what was typed is still there.
    summary = page.locator("#errors")
    expect(summary).to_be_focused()
    assert page.get_by_label("Ihre Nachricht").input_value().startswith("Guten Tag")
    summary.get_by_role("link").first.click()
    page.get_by_label("Ihre E-Mail-Adresse").fill("erika@reise.example")
    page.get_by_role("button", name="Nachricht abschicken").click()

    page.get_by_role("heading", name="Danke, Ihre Nachricht ist da").wait_for()
    status_page = page.url
    reference = page.locator(".facts strong").inner_text()

    # The team reads its mail in the inbox and presses "Beantwortet".
    eventually(lambda: reference in stack.get("/postfach/").text, 15, "the mail arrived")
    page.goto(f"http://localhost:{stack.port}/postfach/")
    page.get_by_role("link", name=f"Neue Anfrage {reference}").click()
    text = page.locator("pre.mail").inner_text()
    assert "Bank am Kanal" in text
    answered = re.findall(r"http\S+/bearbeiten/\S+", text)[1]
    page.goto(answered)
    page.get_by_role("button", name="Ziffern an das Team schicken").click()
    subject = f"Ihr Code zur Anfrage {reference}"
    eventually(lambda: subject in stack.get("/postfach/").text, 15, "the code arrived")
    page.goto(f"http://localhost:{stack.port}/postfach/")
    page.get_by_role("link", name=subject).click()
    code = code_in(page.locator("pre.mail").inner_text())
    page.goto(answered)
    page.get_by_label("Die sechs Ziffern aus der E-Mail").fill(code)
    page.get_by_role("button", name="Beantwortet").click()
    page.get_by_text("Die Anfrage ist beantwortet").wait_for()

    page.goto(status_page)
    page.get_by_text("Beantwortet").wait_for()
    assert page.locator(".progress li:not(.done)").count() == 0
    assert page.context.cookies() == []


def test_the_registry_answers_at_once_and_the_same_without_scripts(
    stack: RunningStack, page: Any
) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    page.goto(f"{west}/loesungsteams/")
    page.get_by_label("Suchen").fill("Recyclingstaton")
    expect(page.locator(".count")).to_contain_text("1 Lösungsteam")
    assert "q=Recyclingstaton" in page.url
    page.get_by_label("Suchen").fill("")
    expect(page.locator(".count")).to_contain_text("22 Lösungsteams")
    page.get_by_text("Nach Fokus und Stand auswählen").click()
    page.get_by_label("Umwelt").check()
    expect(page.locator(".count")).to_contain_text(re.compile(r"^2 Lösungsteams"))
    shared = page.url

    without = page.context.browser.new_context(java_script_enabled=False).new_page()
    without.goto(shared)
    count = without.locator(".count")
    expect(count).to_contain_text(re.compile(r"^2 Lösungsteams"))
    without.locator(".chosen a").click()
    expect(count).to_contain_text("22 Lösungsteams")
    without.get_by_label("Suchen").fill("gruen")
    without.get_by_role("button", name="Anzeigen").click()
    expect(count).to_contain_text("1 Lösungsteam")
    without.context.close()


def test_an_idea_is_brought_on_a_phone_and_followed(stack: RunningStack, page: Any) -> None:
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/")
    page.get_by_role("link", name="Idee einbringen").click()
    page.get_by_role("button", name="Idee abschicken").click()
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("Worum geht es?").fill("Eine Bank am Kanal")
    page.get_by_label("Erzählen Sie uns von Ihrer Idee").fill("Dort fehlt ein Platz zum Ausruhen.")
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre E-Mail-Adresse").fill("idee@reise.example")
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    page.get_by_role("button", name="Idee abschicken").click()
    page.get_by_role("heading", name="Danke, Ihre Idee ist da").wait_for()
    number = page.locator(".facts strong").first.inner_text()
    eventually(lambda: stack.get("/postfach/").text.count(number) == 2, 15, "both mails")
    page.get_by_text("Idee zurückziehen").click()
    page.get_by_role("button", name="Ja, ich ziehe meine Idee zurück").click()
    said = page.locator("#thanks")
    expect(said).to_have_text("Sie haben Ihre Idee zurückgezogen.")
    expect(said).to_be_focused()
    page.get_by_text("zurückgezogen").first.wait_for()
    assert page.context.cookies() == []


@pytest.mark.thorough
def test_an_aushang_is_one_sheet_of_paper(stack: RunningStack, page: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    teams = [f"/loesungsteams/{slug}/aushang/" for slug in ("leipzig-pumpt", "leipzig-giesst")]
    for path in ("/aushang/", "/en/aushang/", *teams):
        page.goto(west + path)
        # As it is, and for a team with as long a name, text and dates as get there.
        for long in (False, True) if path in teams else (False,):
            if long:
                page.evaluate("""() => {
                    const [name, text] = document.querySelectorAll('.poster h1, .poster .lead');
                    name.textContent = 'Nachbarinnen und Nachbarn am Kanal '.repeat(5).slice(0, 150);
                    name.className = 'long';
                    text.textContent = 'Worte und noch mehr. '.repeat(8).slice(0, 150);
                    for (const date of document.querySelectorAll('.poster li strong')) {
                        date.textContent = 'Ein langer Titel '.repeat(5).slice(0, 50);
                        date.nextElementSibling.textContent = ', Ein Ort '.repeat(7).slice(0, 52);
                    }
                }""")
            paper = page.pdf(format="A4", prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, path


@pytest.mark.thorough
def test_a_page_on_paper_is_short_and_says_where_to_call(stack: RunningStack, page: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    for path, most in (("/", 2), ("/menschen/", 3), ("/loesungsteams/", 2)):
        page.goto(west + path)
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= most, path
    page.goto(f"{west}/")
    page.emulate_media(media="print")
    assert page.locator("main").get_by_text("0177").first.is_visible()
    assert not page.get_by_role("link", name="Schreiben Sie uns").first.is_visible()


@pytest.mark.thorough
def test_no_page_is_wider_than_a_small_phone_with_large_text(
    stack: RunningStack, page: Any
) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    for path in ("/", "/loesungsteams/", "/idee/", "/barrierefreiheit/", "/aushang/"):
        page.goto(west + path)
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.thorough
def test_no_page_is_wider_than_a_small_phone(stack: RunningStack, page: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    paths = ("/", "/menschen/", "/kontakt/", "/en/menschen/", "/anmelden/", "/loesungsteams/",
             "/loesungsteams/leipzig-giesst/", "/loesungsteams/?fokus=umwelt&status=running",
             "/idee/", "/neuigkeiten/", "/impressum/", "/datenschutz/", "/barrierefreiheit/",
             "/aushang/", "/en/loesungsteams/", "/loesungsteams/leipzig-giesst/aushang/")  # fmt: skip
    for path in paths:
        page.goto(west + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_desk_works_under_its_content_policy(stack: RunningStack, page: Any) -> None:
    west = f"http://leipziger-westen.localhost:{stack.port}"
    page.goto(f"{west}/anmelden/")
    page.locator("input[name=login]").fill("koordination@leipziger-westen.wiq.example")
    page.locator("input[name=password]").fill("ein Kennwort zum Probieren")
    page.locator("main form button").first.click()
    page.wait_for_url("**/koordination/**")
    page.goto(f"{west}/koordination/people/consent/?zu-tun=einholen")
    assert page.get_by_role("cell", name="Einwilligung einholen").count() == 3


def test_the_api_docs_work_under_their_content_policy(stack: RunningStack, page: Any) -> None:
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/api/docs/")
    page.get_by_text("/api/v1/contact-requests/").first.wait_for()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.thorough
def test_pressed_twice_and_again_after_back_is_one_request(
    stack: RunningStack, browser: Any, scripts: bool
) -> None:
    stack.forget_posts()
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"http://leipziger-westen.localhost:{stack.port}/kontakt/")
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre Nachricht").fill(f"Noch einmal eine Bank am Kanal, {scripts}.")
    page.get_by_label("Ihre E-Mail-Adresse").fill(f"back-{scripts}@reise.example".lower())
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    send = page.get_by_role("button", name="Nachricht abschicken")
    send.dblclick(no_wait_after=True)
    page.get_by_role("heading", name="Danke, Ihre Nachricht ist da").wait_for()
    reference = page.locator(".facts strong").inner_text()
    page.reload()
    assert page.locator(".facts strong").inner_text() == reference
    page.go_back()
    shown = page.locator("input[name=once]").input_value()
    assert shown
    send.click()
    page.locator(".facts strong").wait_for()
    assert page.locator(".facts strong").inner_text() == reference
    assert context.cookies() == []
    context.close()
