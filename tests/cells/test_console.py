"""One console for all installations: it lists the districts of each and waits for none."""

import re
import socket
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tenants.cells import asking, services
from tests.api.asking import Api
from tests.cast import District, project_team
from tests.cells.other import Other, running
from wiq.accounts import services as accounts

PAGE = "/plattform/installationen/"
# What the page takes beside the time limit, on a busy machine.
LEEWAY = 1.5


def read(console: Client, query: str = "") -> str:
    answer = console.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_lists_the_districts_of_both_installations(
    console: Client, nord: District, other: Other
) -> None:
    page = read(console)
    for words in (
        "4 Quartiere in 2 Installationen", "Nordviertel", "nord.localhost", "Nordufer",
        f"nordufer.{other.host}", "verborgen", "WiQ 9.8.7",
        "Gedacht für 100, also ist Platz für 98 weitere.",
        f"Zur Konsole von {other.host}", f"http://{other.host}/plattform/districts/district/7/",
        f"/plattform/districts/district/{nord.row.pk}/change/",
    ):  # fmt: skip
        assert words in page, words
    assert "antwortet nicht" not in page


def test_its_list_is_searched_and_narrowed_in_all_at_once(
    console: Client, nord: District, other: Other
) -> None:
    page = read(console, "?q=nord&zustand=hidden")
    assert "Nordufer" in page
    assert "Kanalufer" not in page
    assert "Nordviertel" not in page  # public
    assert "search=nord&state=hidden" in other.asked[-1]
    assert 'value="nord"' in page
    alone = read(console, f"?installation={other.host}")
    assert "Kanalufer" in alone
    assert "Nordviertel" not in alone
    assert "Kanalufer" not in read(console, "?installation=localhost")
    # What is none of ours is as if it had not been said.
    assert "Nordviertel" in read(console, "?installation=evil.example&zustand=x&seite=99999999")


def test_a_long_list_comes_in_pages(console: Client, nord: District, other: Other) -> None:
    other.districts = [f"quartier-{number:03}" for number in range(120)]
    first = read(console)
    assert "120 Quartiere" in first
    assert "Quartier-049" in first
    assert "Quartier-050" not in first
    (after,) = re.findall(r'href="([^"]+)">Weiter</a>', first)
    second = read(console, after.replace("&amp;", "&"))
    assert "Quartier-050" in second
    assert "Nordviertel" not in second
    assert "Zurück" in second


@pytest.mark.parametrize("fault", ["hangs", "drips", "refuses connections", "503"])
def test_one_that_does_not_answer_is_named_and_the_page_comes_in_time(
    console: Client, nord: District, other: Other, fault: str
) -> None:
    with time_machine.travel("2026-11-30 08:00 +0100", tick=True):
        read(console)
    if fault == "hangs":
        other.waits = 5
    elif fault == "drips":
        other.drops = 0.2
    elif fault == "503":
        other.status = 503
    else:
        other.server.shutdown()
        other.server.server_close()
    with time_machine.travel("2026-11-30 09:00 +0100", tick=True):
        began = time.monotonic()
        page = read(console)
        assert time.monotonic() - began < asking.SECONDS + LEEWAY
    assert "Diese Installation antwortet nicht, seit 30.11.2026, 09:00 Uhr." in page
    # What it said last is still there.
    assert "Was hier steht, hat sie am 30.11.2026, 08:00 Uhr gesagt." in page
    assert "Nordufer" in page
    assert "Nordviertel" in page
    with time_machine.travel("2026-11-30 10:00 +0100", tick=True):
        assert "seit 30.11.2026, 09:00 Uhr." in read(console)
        searched = read(console, "?q=nord")
    assert "können wir dort nicht suchen" in searched
    assert "Nordufer" not in searched


def test_many_that_hang_hold_the_page_up_no_longer_than_one(
    console: Client, nord: District, settings: Any
) -> None:
    others = [Other(f"c{number}.localhost") for number in range(5)]
    for each in others:
        each.waits = 5
    settings.WIQ_CELLS = [each.setting for each in others]
    with running(others[0]), running(others[1]), running(others[2]), running(others[3]):
        began = time.monotonic()
        page = read(console)
        assert time.monotonic() - began < asking.SECONDS + LEEWAY
        assert page.count("Diese Installation antwortet nicht") == 5
        assert page.count("ist nicht mitgezählt") == 5
        # And who comes next, within two seconds, does not wait for them.
        services.look_round()
        began = time.monotonic()
        assert [seen.trouble for seen in services.look_round()] == ["silent"] * 5
        assert time.monotonic() - began < 1


def test_a_name_that_is_looked_up_in_vain_holds_nothing_up(
    console: Client, nord: District, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def slow(host: Any, *words: Any, **more: Any) -> Any:
        if host == "c.wiq.example":
            time.sleep(5)
        return known(host, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    found = {"url": "https://c.wiq.example", "host": "c.wiq.example", "token": "t"}
    settings.WIQ_CELLS = [found]
    began = time.monotonic()
    page = read(console)
    assert time.monotonic() - began < asking.SECONDS + LEEWAY
    assert "Diese Installation antwortet nicht" in page


def test_one_that_answers_again_is_as_before(
    console: Client, nord: District, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.status = 503
    assert "antwortet nicht" in read(console)
    other.status = 200
    # A moment later somebody is expected to answer again.
    monkeypatch.setattr(asking, "_circuits", asking.defaultdict(asking.Circuit))
    page = read(console)
    assert "antwortet nicht" not in page
    assert "Nordufer" in page


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "antwortet, aber anders als erwartet"),
        (b"[]", "antwortet, aber anders als erwartet"),
        (b'{"name": 7}', "antwortet, aber anders als erwartet"),
        (b"[" * 100_000, "antwortet, aber anders als erwartet"),
        (b'"' + b"x" * 400_000 + b'"', "antwortet, aber anders als erwartet"),
    ],
)
def test_what_is_none_of_our_answers_does_no_harm(
    console: Client, nord: District, other: Other, body: bytes, words: str
) -> None:
    other.body = body
    page = read(console)
    assert words in page
    assert "Nordviertel" in page


def test_one_that_refuses_the_token_is_told_from_one_that_is_silent(
    console: Client, nord: District, other: Other, settings: Any
) -> None:
    settings.WIQ_CELLS = [other.setting | {"token": "falsch"}]
    page = read(console)
    assert "nimmt unseren Schlüssel nicht an" in page
    assert "falsch" not in page


def test_no_other_installation_brings_a_script_or_an_endless_name(
    console: Client, nord: District, other: Other
) -> None:
    other.changed = {"console_url": "javascript:alert(1)"}
    assert "javascript:" not in read(console)
    other.changed = {"version": "<script>" + "x" * 1000, "failing": ["<b>mail</b>"]}
    page = read(console)
    assert "&lt;script&gt;" in page
    assert "x" * 400 not in page
    assert "<b>mail" not in page


def test_the_certificate_is_that_of_the_name(
    console: Client, nord: District, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = tmp_path / "authority.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with running(Other("b.localhost", "nordufer", authority=authority)) as other:
        settings.WIQ_CELLS = [other.setting]
        assert "Nordufer" in read(console)
        host = other.host.replace("b.", "c.")
        settings.WIQ_CELLS = [{"url": f"https://{host}", "host": host, "token": "t"}]
        assert "Diese Installation antwortet nicht" in read(console)


def test_the_console_reads_what_the_api_says(
    console: Client, nord: District, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Api(accounts.create_token(project_team()))
    told = team("get", "installation/").json() | {"name": "echt", "version": "1.2.3"}
    rows = team("get", "installation/districts/").json()
    other.changed = told
    monkeypatch.setattr(other, "lines", lambda asked: rows)
    page = read(console)
    assert "WiQ 1.2.3" in page
    assert page.count("Nordviertel") == 2


def test_who_is_not_of_the_project_team_sees_nothing(nord: District, other: Other) -> None:
    answer = Client(headers={"host": "localhost"}).get(PAGE)
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert nord.signed_in("coordinator").get(PAGE).status_code == 404
    assert other.asked == []


def test_with_one_installation_there_is_no_such_page(console: Client, nord: District) -> None:
    assert console.get(PAGE).status_code == 404
    assert "Alle Installationen" not in console.get("/plattform/").content.decode()


def test_the_menu_leads_to_it_and_itself_is_not_asked(
    console: Client, nord: District, other: Other, settings: Any
) -> None:
    assert PAGE in console.get("/plattform/").content.decode()
    here = {"url": "http://localhost", "host": "localhost", "token": "t"}
    settings.WIQ_CELLS = [here, other.setting]
    assert "4 Quartiere in 2 Installationen" in read(console)
