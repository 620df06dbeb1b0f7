"""A mail fits a phone, whatever stands in it."""

from typing import Any

import pytest

from tests.cast import form
from tests.stack.running import RunningStack, eventually

pytestmark = pytest.mark.browser

LONG = "x" * 60 + "@" + ".".join(["y" * 60] * 2) + ".example"
HOST = "leipziger-westen.localhost"
MESSAGE = f"Guten Tag, das steht auf https://beispiel.example/{'weg' * 60} oder {'w' * 200}."


@pytest.mark.thorough
def test_a_mail_with_long_addresses_is_as_wide_as_the_phone(stack: RunningStack, page: Any) -> None:
    typed = form(email=LONG, name="N" * 110, message=MESSAGE, team="")
    assert stack.post_form("/kontakt/", HOST, typed).status == 303
    eventually(lambda: "Ihre Anfrage" in stack.get("/postfach/").text, 15, "the mails arrived")
    for subject in ("Neue Anfrage", "Ihre Anfrage"):
        page.goto(f"http://localhost:{stack.port}/postfach/")
        page.get_by_role("link", name=subject).first.click()
        page.wait_for_url("**/postfach/*/")
        page.goto(f"{page.url}html/")
        assert page.locator("meta[name=color-scheme]").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") == 360
