"""The proof of work in a browser: it works itself out, by scripts of our own host alone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import problems
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


ADDRESSES = {"X-Forwarded-For": "203.0.113.50"}, {"X-Forwarded-For": "203.0.113.51"}


def fill_in(page: Any, west: str, words: str) -> None:
    page.goto(f"{west}/kontakt/")
    page.get_by_label("Name").fill("Erika Rechnet")
    page.get_by_label("E-Mail").first.fill("erika.rechnet@beispiel.example")
    page.get_by_label("Ihre Nachricht").fill(f"Guten Tag, {words}, mit freundlichen Grüßen.")
    page.get_by_label("Datenschutzhinweise gelesen").check()
    page.locator("form.big button[type=submit]").last.click()


def send_many(stack: RunningStack, page: Any) -> None:
    """Send ten posts over two hosts, because each host takes ten a minute."""
    for number in range(10):
        name = ("leipziger-westen", "leipziger-osten")[number % 2]
        answer = page.request.post(
            f"http://127.0.0.1:{stack.port}/kontakt/",
            form={
                "name": "Viel", "email": f"viel{number}@beispiel.example",
                "message": f"Nachricht Nummer {number} von zehn.", "privacy_acknowledged": "on",
            },
            headers={"Host": f"{name}.localhost"},
            max_redirects=0,
        )  # fmt: skip
        assert answer.status == 303, answer.text()


def test_the_browser_works_the_task_out_and_the_message_is_taken(
    stack: RunningStack, page: Any, tmp_path: Path
) -> None:
    busy = f"http://leipziger-westen.localhost:{stack.port}"
    page.context.set_extra_http_headers(ADDRESSES[0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{busy}/kontakt/")
    assert not any("altcha" in url for url in asked)
    send_many(stack, page)
    fill_in(page, busy, "wir möchten eine Bank")
    expect(page.get_by_text("Noch nicht abgeschickt")).to_be_visible()
    expect(page.locator("altcha-widget")).to_be_visible()
    expect(page.get_by_text("führt keine Skripte aus")).to_be_hidden()
    assert problems(page) == []
    page.screenshot(path=tmp_path / "proof-360.png")
    # At once, while it may still be counting: the form waits and goes by itself.
    page.locator("form.big button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Danke")).to_be_visible(timeout=20_000)
    assert any("altcha" in url for url in asked)
    assert page.context.cookies() == []


def test_without_scripts_one_can_send_it_all_the_same(stack: RunningStack, browser: Any) -> None:
    busy = f"http://leipziger-westen.localhost:{stack.port}"
    context = browser.new_context(
        java_script_enabled=False, locale="de-DE", extra_http_headers=ADDRESSES[1]
    )
    page = context.new_page()
    send_many(stack, page)
    fill_in(page, busy, "ohne Skripte")
    expect(page.get_by_text("führt keine Skripte aus")).to_be_visible()
    page.locator("form.big button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Danke")).to_be_visible()
    context.close()
