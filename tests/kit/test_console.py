"""The kit at the console: buttons where they are looked for, and what one button saves."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.kit import services
from tenants.kit.admin import RELEASE
from tenants.kit.models import KitItem, KitVersion
from tests.cast import ACTOR, District
from tests.editing.opened import opened
from tests.kit.test_kit import SHIPPED, WORD, keys, text
from tests.locks import row_locks

URL = "/plattform/kit/kitversion/"


def begun(console: Client) -> KitVersion:
    """Begin the next version with the button."""
    assert console.post(f"{URL}beginnen/").status_code == 302
    return KitVersion.objects.get(number=SHIPPED + 1)


def as_a_browser_sends_it(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a form with the line breaks of browsers (HTML, 4.10.21.4)."""
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in fields.items()
    }


def field_of(fields: dict[str, Any], item: KitItem, name: str) -> str:
    """Return the name of an item's field in the form of its version."""
    row = next(
        key for key, value in fields.items() if key.endswith("-id") and value == str(item.pk)
    )
    return row.removesuffix("id") + name


def released(console: Client, **changes: str) -> KitVersion:
    """Change the text of one item in the browser's way, and press the button that releases."""
    version = begun(console)
    url = f"{URL}{version.pk}/change/"
    fields = opened(console, url) | {"notes": "Ein Wort ist anders erklärt."}
    for key, words in changes.items():
        item = version.items.get(key=key.replace("_", "-"))
        fields[field_of(fields, item, "text")] = words
    answer = console.post(url, as_a_browser_sends_it(fields) | {RELEASE: ""}, follow=True)
    assert "ist veröffentlicht" in answer.content.decode()
    return KitVersion.objects.get(pk=version.pk)


def test_a_new_version_begins_with_a_button_and_nobody_ticks_a_row(
    nord: District, console: Client
) -> None:
    page = console.get(URL).content.decode()
    assert "Neue Fassung beginnen" in page
    assert "_selected_action" not in page
    version = begun(console)
    first = KitVersion.objects.get(number=SHIPPED)
    assert version.items.count() == first.items.count()
    again = console.get(URL).content.decode()
    assert f"{version} weiter bearbeiten" in again
    assert "Neue Fassung beginnen" not in again
    assert console.post(f"{URL}beginnen/").status_code == 302
    assert KitVersion.objects.filter(released_at__isnull=True).count() == 1
    assert console.get(f"{URL}beginnen/").status_code == 405


def test_one_button_saves_what_was_typed_and_releases_it(texts: District, console: Client) -> None:
    version = released(console, wort_fokus="Anders erklärt.")
    assert KitVersion.objects.current() == version
    assert version.items.get(key=WORD).text == "Anders erklärt."
    page = console.get(f"{URL}{version.pk}/change/").content.decode()
    assert RELEASE not in page
    assert console.get(f"{URL}{version.pk}/datei/").json()["version"] == SHIPPED + 1


def test_nobody_releases_by_mistake_what_says_nothing_about_itself(
    nord: District, console: Client
) -> None:
    version = begun(console)
    url = f"{URL}{version.pk}/change/"
    answer = console.post(url, opened(console, url) | {RELEASE: ""})
    assert answer.status_code == 200
    assert "was neu ist" in answer.content.decode()
    version.refresh_from_db()
    assert version.released_at is None


def test_what_is_wrong_is_told_and_nothing_is_released(nord: District, console: Client) -> None:
    version = begun(console)
    url = f"{URL}{version.pk}/change/"
    fields = opened(console, url) | {"notes": "Neues"}
    fields[field_of(fields, version.items.get(key=WORD), "title")] = ""
    answer = console.post(url, fields | {RELEASE: ""})
    assert answer.status_code == 200
    version.refresh_from_db()
    assert version.released_at is None


def test_one_item_changed_is_one_item_on_offer(west: District, console: Client) -> None:
    with_lines = services.DATA.joinpath(f"kit-{SHIPPED}.json").read_text(encoding="utf-8")
    assert "\\n" in with_lines  # browsers send these as CRLF
    version = released(console, wort_fokus="Anders erklärt.")
    assert keys(west) == {WORD: (False, False)}
    assert not version.items.filter(text__contains="\r").exists()


def test_what_a_district_wrote_itself_is_on_offer_only_where_the_kit_has_other_words(
    west: District,
) -> None:
    with west.inside():
        services.installers.Text.objects.filter(slug="wort-stand").update(body="Unser Satz.")
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key=WORD)
    item.text = "Anders erklärt."
    services.save_item(item, actor=ACTOR)
    services.release(version, actor=ACTOR)
    assert keys(west) == {WORD: (False, False)}
    services.leave(west.row, WORD, actor=ACTOR)
    services.release(services.begin_next(actor=ACTOR), actor=ACTOR)
    assert keys(west) == {}
    assert text(west, "wort-stand") == "Unser Satz."


def test_a_version_with_the_line_ends_of_browsers_counts_as_the_same_words(west: District) -> None:
    version = services.begin_next(actor=ACTOR)
    for item in version.items.filter(text__contains="\n"):
        KitItem.objects.filter(pk=item.pk).update(text=item.text.replace("\n", "\r\n"))
    services.release(version, actor=ACTOR)
    assert keys(west) == {}


@pytest.mark.parametrize("write", ["item", "notes", "remove"])
def test_what_was_read_before_a_release_is_not_written_after_it(nord: District, write: str) -> None:
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key=WORD)
    services.release(KitVersion.objects.get(pk=version.pk), actor=ACTOR)
    assert version.released_at is None  # as somebody's page still has it
    item.text, version.notes = "Zu spät.", "Zu spät."
    late = {
        "item": lambda: services.save_item(item, actor=ACTOR),
        "notes": lambda: services.save_version(version, actor=ACTOR),
        "remove": lambda: services.remove_item(item, actor=ACTOR),
    }
    with pytest.raises(ValidationError, match="veröffentlicht"):
        late[write]()
    kept = KitVersion.objects.get(pk=version.pk)
    assert kept.released_at is not None
    assert "Zu spät." not in (kept.notes, kept.items.get(key=WORD).text)


@pytest.mark.parametrize("write", ["item", "notes", "remove"])
def test_who_writes_holds_the_version_so_that_nobody_releases_it_meanwhile(
    nord: District, write: str
) -> None:
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key=WORD)
    with row_locks() as locked:
        if write == "item":
            services.save_item(item, actor=ACTOR)
        elif write == "notes":
            services.save_version(version, actor=ACTOR)
        else:
            services.remove_item(item, actor=ACTOR)
    assert "kit_kitversion" in locked
