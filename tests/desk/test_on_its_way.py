"""A new coordinator reads first that nothing is public yet, how far it is and what comes next."""

import re
from typing import Any

import pytest
from django.test import Client

from tenants.districts import moves, preview
from tenants.districts.models import State
from tests.audited import said
from tests.cast import District, put
from tests.desk.test_guide import GUIDE, OPERATOR, save

DESK = "/koordination/"


def first_page(client: Client) -> str:
    answer = client.get(DESK)
    assert answer.status_code == 200
    return str(answer.content.decode())


def how_far(page: str) -> int:
    """Return how many of the ten steps a page says are done."""
    found = re.search(r"(\d+) von 10 Schritten sind geschafft", page)
    assert found is not None
    return int(found[1])


def look(district: District, client: Client, desk: Client) -> int:
    """Open the preview link of the guide with a browser."""
    shown = re.search(r"/vorschau/[^/\"]+/", desk.get(f"{GUIDE}vorschau/").content.decode())
    assert shown is not None
    return client.get(shown[0]).status_code


def test_a_new_coordinator_reads_first_how_far_it_is_and_what_comes_next(west: District) -> None:
    desk = west.signed_in("coordinator")
    page = first_page(desk)
    assert "Ihre Seiten sind noch nicht öffentlich" in page
    assert how_far(page) == 0
    assert "Als Nächstes:" in page
    assert page.index("noch nicht öffentlich") < page.index("Was gerade zu tun ist")
    assert page.index("noch nicht öffentlich") < page.index("Weiter im Leitfaden")
    assert f'href="{GUIDE}traeger/"' in page
    assert "Alles erledigt" not in page
    assert how_far(desk.get(GUIDE).content.decode()) == 0
    look_fields = {"look-name": "Westviertel", "look-colour": "#7a3b9d", "look-intro": "Hallo."}
    save(desk, "auftritt", "look", **look_fields)
    assert how_far(first_page(desk)) == 1


def test_an_editor_reads_it_without_a_way_that_is_closed_to_them(west: District) -> None:
    page = first_page(west.signed_in("editor"))
    assert "Ihre Seiten sind noch nicht öffentlich" in page
    assert "/koordination/leitfaden/" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.PUBLISHED, ""), (State.HIDDEN, "Ihre Seiten sind gerade verborgen"),
     (State.SUSPENDED, ""), (State.ARCHIVED, "")],
)  # fmt: skip
def test_only_who_can_bring_a_district_to_the_public_is_told_the_way(
    nord: District, state: State, words: str
) -> None:
    put(nord.row, state)
    page = first_page(nord.signed_in("coordinator"))
    assert ("Weiter im Leitfaden" in page) is bool(words)
    assert words in page


def test_the_preview_is_shown_once_somebody_has_looked(west: District) -> None:
    desk = west.signed_in("coordinator")
    assert "Noch hat niemand den Link geöffnet" in desk.get(f"{GUIDE}vorschau/").content.decode()
    before = how_far(first_page(desk))
    assert look(west, desk, desk) == 302  # whoever made the link tries it out
    assert how_far(first_page(desk)) == before
    assert look(west, west.client(), desk) == 302
    page = desk.get(f"{GUIDE}vorschau/").content.decode()
    assert "hat zum ersten Mal jemand den Link geöffnet" in page
    assert "✓ erledigt" in page
    assert how_far(first_page(desk)) == before + 1


def test_who_asks_only_whether_the_link_is_there_has_not_looked(west: District) -> None:
    with west.inside():
        path = preview.link(west.row).partition("8000")[2]
    assert west.client().head(path).status_code == 302
    assert west.row.preview_seen_at is None
    assert west.client().get(f"{path[:-3]}xx/").status_code == 410
    assert west.row.preview_seen_at is None


def test_the_first_look_is_noted_once_and_a_new_link_does_not_undo_it(west: District) -> None:
    desk = west.signed_in("coordinator")
    for _ in range(2):
        assert look(west, west.client(), desk) == 302
    seen = west.row.preview_seen_at
    assert said("district.preview_seen") == [("district.preview_seen", "visitor")]
    save(desk, "vorschau", "vorschau")
    look(west, west.client(), desk)
    assert west.row.preview_seen_at == seen


def test_what_is_public_needs_no_preview(nord: District) -> None:
    page = nord.signed_in("coordinator").get(f"{GUIDE}vorschau/").content.decode()
    assert "✓ erledigt" in page


def test_the_traeger_is_done_once_nothing_of_it_is_missing(west: District) -> None:
    desk = west.signed_in("coordinator")
    fields: dict[str, Any] = OPERATOR | {"legal-accessibility_checked_on": "2026-11-02"}
    assert desk.post(f"{GUIDE}traeger/", fields | {"was": "alles"}).status_code == 302
    page = first_page(desk)
    assert how_far(page) == 1
    assert f'href="{GUIDE}auftritt/"' in page


@pytest.mark.parametrize(
    ("state", "words"),
    [("suspended", "hat Ihr Quartier gesperrt"), ("archived", "hat Ihr Quartier archiviert")],
)
def test_a_district_that_was_taken_off_says_why_and_offers_nothing_that_is_refused(
    west: District, state: str, words: str
) -> None:
    moves.move(west.row, state, actor="somebody", reason="Ein Hinweis wird geprüft.")
    desk = west.signed_in("coordinator")
    for path in (DESK, GUIDE, f"{GUIDE}veroeffentlichen/"):
        page = desk.get(path).content.decode()
        assert words in page, path
        assert "Ein Hinweis wird geprüft." in page
        assert "noch nicht öffentlich" not in page
        assert "Jetzt veröffentlichen" not in page
    moves.restore(west.row, actor="somebody")
    assert words not in desk.get(DESK).content.decode()


def test_a_district_that_the_project_team_hid_says_why(west: District) -> None:
    put(west.row, "published")
    moves.move(west.row, "hidden", actor="somebody", reason="Auf Ihren Wunsch.")
    assert "Auf Ihren Wunsch." in west.signed_in("coordinator").get(DESK).content.decode()
