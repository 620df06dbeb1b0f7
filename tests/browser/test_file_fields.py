"""Choosing a file names the file and changes no other field, on every form that has one."""

from typing import Any

import pytest

from tests.browser.test_over_origins import WEST, sign_in
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
EMAIL = "koordination@leipziger-westen.wiq.example"
# The desk's forms with a file field of their own or of their inline rows, and the guide's steps.
FIND_FORMS = """
from django.apps import apps
from django.db.models import FileField
from directory.desk.guide import STEPS
from wiq.admin.sites import district_site
pages = set()
for model, page in district_site._registry.items():
    inlines = [inline.model for inline in page.inlines]
    for owner in (model, *inlines):
        fields = [f for f in owner._meta.get_fields() if isinstance(f, FileField) and f.editable]
        if fields:
            pages.add(f"/koordination/{model._meta.app_label}/{model._meta.model_name}/")
pages |= {f"/koordination/leitfaden/{step.key}/" for step in STEPS}
print("PAGES " + " ".join(sorted(pages)))
"""
VALUES = """() => Object.fromEntries(
    [...document.querySelectorAll("input, textarea")]
        .filter((field) => field.name && !["file", "checkbox", "radio"].includes(field.type))
        .map((field) => [field.name, field.value]))"""


def first_row(page: Any, stack: RunningStack, path: str) -> None:
    """Open the first row of a list, or the form for a new one."""
    page.goto(f"http://{WEST}:{stack.port}{path}")
    rows = page.locator("#result_list tbody a[href*='/change/']")
    page.goto(rows.first.evaluate("link => link.href") if rows.count() else page.url + "add/")


def test_choosing_a_file_changes_no_other_field(
    stack: RunningStack, page: Any, tmp_path: Any
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, stack, WEST, EMAIL, "/koordination/")
    said = stack.manage(FIND_FORMS)
    paths = next(line for line in said.splitlines() if line.startswith("PAGES ")).split()[1:]
    seen = 0
    for path in paths:
        if "/leitfaden/" in path:
            page.goto(f"http://{WEST}:{stack.port}{path}")
        else:
            first_row(page, stack, path)
        # Rows in a tab that is not open are added, too.
        page.evaluate("document.querySelectorAll('.add-row').forEach((button) => button.click())")
        files = page.locator("input[type=file]:not([name*=__prefix__])")
        before = page.evaluate(VALUES)
        for number in range(files.count()):
            chosen = tmp_path / f"mein-bild-{number}.png"
            chosen.write_bytes(b"x")
            files.nth(number).set_input_files(str(chosen))
            assert page.evaluate(VALUES) == before, path
            placeholder = files.nth(number).evaluate(
                "input => document.querySelector(`label[for='${input.id}'] input[type=text]`)?.value"
            )
            assert placeholder in (None, chosen.name), path
            seen += 1
        assert files.count() or "/leitfaden/" in path, path
    assert seen >= 6
