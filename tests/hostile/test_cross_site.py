"""A page next door, or anywhere else, can neither write for a visitor nor use what it has learnt."""

import re
from pathlib import Path

import pytest
from django.test import Client

from directory.contact import links
from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.solutions import mails
from tests.cast import PASSWORD, District, form, idea_form

ELSEWHERE = [
    {"sec-fetch-site": "cross-site", "origin": "https://anderswo.example"},
    {"sec-fetch-site": "same-site", "origin": "http://sued.localhost"},
    {"origin": "http://sued.localhost"},
    {"origin": "null"},
    {"origin": "http://nord.localhost.anderswo.example"},
    {"origin": "http://nord.localhost@anderswo.example"},
]


def path_of(address: str) -> str:
    return "/" + address.partition("://")[2].partition("/")[2]


@pytest.fixture
def addresses(nord: District) -> list[str]:
    """Every address under which somebody without an account can write."""
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
        secret = [links.link(request, "taken", 0), mails.confirm_url(nord.solution_team())]
    return ["/kontakt/", "/idee/", f"/idee/{idea.token}/", *map(path_of, secret)]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: headers["origin"])
def test_no_form_takes_a_post_from_another_page(
    nord: District, addresses: list[str], headers: dict[str, str]
) -> None:
    for address in addresses:
        response = nord.client(**headers).post(address, form() | idea_form())
        assert response.status_code == 403, address
    with nord.inside():
        assert (ContactRequest.objects.count(), Idea.objects.count()) == (1, 1)
        assert ContactRequest.objects.get().state == "new"


def test_a_secret_address_of_next_door_opens_nothing(
    nord: District, sued: District, addresses: list[str]
) -> None:
    for address in addresses[2:]:
        assert nord.client().get(address).status_code == 200, address
        assert sued.client().get(address).status_code in (403, 404), address
        assert sued.client().post(address, {"text": "x"}).status_code in (403, 404), address


def test_a_cookie_that_a_sibling_has_planted_signs_nobody_in(
    nord: District, sued: District
) -> None:
    """Cookies of a parent domain reach every subdomain: a forged csrf cookie, a foreign session."""
    strict = Client(enforce_csrf_checks=True, headers={"host": nord.host})
    stolen = sued.signed_in("coordinator").cookies["session"].value
    forged = "a" * 32
    for cookies in (f"csrf={forged}", f"session={stolen}", f"csrf={forged}; session={stolen}"):
        response = strict.post(
            "/anmelden/",
            {"login": "coordinator@nord.example", "password": PASSWORD,
             "csrfmiddlewaretoken": forged},
            headers={"cookie": cookies, "origin": "http://sued.localhost"},
        )  # fmt: skip
        assert response.status_code == 403, cookies
        page = strict.get("/koordination/", headers={"cookie": cookies})
        assert page.status_code == 302, cookies


def test_signing_in_gives_the_session_a_new_name(nord: District) -> None:
    client = nord.client()
    client.get("/anmelden/")
    client.cookies["session"] = "planted"
    sent = {"login": "coordinator@nord.example", "password": PASSWORD}
    assert client.post("/anmelden/", sent).status_code == 302
    assert client.cookies["session"].value not in ("planted", "")


# They make a cell harmless that begins like a formula (tests/desk/test_inbox.py).
WRITES_TABLES = {"platform/wiq/spreadsheets.py"}


def test_only_one_place_writes_tables_for_spreadsheets() -> None:
    """Formulas in a CSV file come from nowhere else."""
    root = Path(__file__).resolve().parents[2]
    sources = [
        p
        for room in ("platform", "tenants", "directory", "api")
        for p in (root / room).rglob("*.py")
    ]
    assert len(sources) > 100
    found = {
        p.relative_to(root).as_posix()
        for p in sources
        if re.search(r"\b(csv|openpyxl|tablib|xlsx|xlsxwriter)\b", p.read_text())
    }
    assert found == WRITES_TABLES
