"""The desk and the console in English: same pages, same limits, same policy, one language a page."""

import re

import pytest
from django.test import Client

from tests.cast import District, project_team


@pytest.fixture
def console(nord: District) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(project_team())
    return client


def own_links(page: str) -> set[str]:
    return {link for link in re.findall(r'href="(/[^"]*)"', page) if "/static/" not in link}


def test_the_desk_in_english_leads_to_english_pages_and_back(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    page = desk.get("/en/koordination/").content.decode()
    assert '<html lang="en"' in page
    for words in ("What there is to do right now", "Open contact requests", "Today"):
        assert words in page, words
    assert 'href="/koordination/" lang="de"' in page
    links = {link.partition("?")[0] for link in own_links(page)}
    german = {link for link in links if not link.startswith("/en/")}
    assert german <= {"/koordination/", "/symbol.svg", "/apple-touch-icon.png"}
    for link in sorted(own_links(page)):
        if "abmelden" not in link and "logout" not in link:
            assert desk.get(link).status_code in (200, 302), link


def test_german_pages_lead_to_german_pages(nord: District) -> None:
    page = nord.signed_in("coordinator").get("/koordination/").content.decode()
    assert {link for link in own_links(page) if link.startswith("/en/")} == {"/en/koordination/"}


def test_who_signs_in_in_english_stays_in_english(nord: District, console: Client) -> None:
    visitor = nord.client()
    asked = visitor.get("/en/koordination/")
    assert asked["Location"].startswith("/en/")
    assert (
        nord.signed_in("coordinator").get("/en/anmelden/weiter/")["Location"] == "/en/koordination/"
    )
    assert console.get("/en/anmelden/weiter/")["Location"] == "/en/plattform/"


def test_the_console_in_english(console: Client) -> None:
    page = console.get("/en/plattform/").content.decode()
    assert '<html lang="en"' in page
    for words in ("What there is to do", "Neighbourhoods", "My account"):
        assert words in page, words


@pytest.mark.parametrize("path", ["/koordination/", "/en/koordination/"])
def test_policy_limits_and_open_paths_are_the_same_in_both_languages(
    nord: District, path: str
) -> None:
    desk = nord.signed_in("coordinator")
    # Unfold's tables need it, our own pages do not.
    for page, is_wide in ((path, False), (f"{path}people/team/", True)):
        assert ("'unsafe-eval'" in desk.get(page)["Content-Security-Policy"]) is is_wide
    # A picture of 5 MB is accepted there: refused is the token that is missing, not the size.
    long = desk.post(path, b"x" * 5_500_000, content_type="multipart/form-data; boundary=b")
    assert long.status_code != 413
    form = f"{path}people/team/add/"
    answer = nord.signed_in("editor").post(form, b"x" * 6_500_000, content_type="text/plain")
    assert answer.status_code == 413
