"""From a host to its district: nothing but the right one, and nothing for a stranger."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.districts import services
from tenants.districts.models import State
from tests.cast import District, put
from wiq.page_cache import plain


@pytest.mark.parametrize(
    "host",
    [
        "anderswo.localhost",
        "nord.localhost.evil.example",
        "evil.example",
        "127.0.0.1",
        "nord.localhost:8000@evil.example",
        "[::1]",
        "nord_.localhost",
        "a" * 300 + ".localhost",
        "",
    ],
)
def test_an_unknown_host_gets_404_without_a_word_about_any_district(
    nord: District, host: str
) -> None:
    client = Client(headers={"host": host}, raise_request_exception=False)
    for path in ("/", "/menschen/", "/api/v1/districts/", "/health/live", "/static/web/wiq.css"):
        response = client.get(path)
        assert response.status_code == 404
        text = response.content.decode()
        assert "Nordviertel" not in text
        assert "Südviertel" not in text


@pytest.mark.parametrize("host", ["NORD.localhost", "nord.localhost:8000", "nord.localhost."])
def test_case_port_and_trailing_dot_do_not_matter(nord: District, host: str) -> None:
    response = Client(headers={"host": host}).get("/")
    assert "Nordviertel" in response.content.decode()


def test_each_host_shows_its_own_district(nord: District, sued: District) -> None:
    assert "Südviertel" not in nord.client().get("/menschen/").content.decode()
    assert "Nordviertel" not in sued.client().get("/menschen/").content.decode()


def test_a_forwarded_host_is_never_believed(nord: District) -> None:
    page = nord.client(**{"x-forwarded-host": "sued.localhost"}).get("/").content.decode()
    assert "Nordviertel" in page


def test_the_connection_is_back_in_public_after_every_answer(nord: District) -> None:
    for path in ("/", "/gibt-es-nicht/", "/kontakt/?team=%00"):
        nord.client().get(path)
        assert connection.schema_name == "public"


def test_the_second_visit_finds_the_district_in_the_cache(nord: District) -> None:
    nord.client().get("/kontakt/")
    with CaptureQueriesContext(connection) as queries:
        nord.client().get("/kontakt/")
    assert not any("districts_domain" in query["sql"] for query in queries)


def test_a_suspension_reaches_the_cache_at_once(
    nord: District, django_capture_on_commit_callbacks: object
) -> None:
    assert nord.client().get("/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        put(nord.row, State.SUSPENDED)
    assert nord.client().get("/").status_code == 503


def test_what_was_read_before_a_change_does_not_come_back_into_the_cache(nord: District) -> None:
    nord.client().get("/")
    [old] = plain.read(["district:nord.localhost"])
    assert old is not None
    services.lookup.forget_all()
    # A slow reader writes what it read under the old generation.
    plain.write("district:nord.localhost", old, 30)
    with CaptureQueriesContext(connection) as queries:
        nord.client().get("/")
    assert any("districts_domain" in query["sql"] for query in queries)


def test_a_change_of_one_district_leaves_the_others_in_memory(
    nord: District, sued: District, django_capture_on_commit_callbacks: object
) -> None:
    for district in (nord, sued):
        district.client().get("/kontakt/")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.update(nord.row, actor="test", phone="0341 5")
    for district, asked in ((nord, True), (sued, False)):
        with CaptureQueriesContext(connection) as queries:
            district.client().get("/kontakt/")
        assert any("districts_domain" in query["sql"] for query in queries) is asked


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.DRAFT, 404),
        (State.HIDDEN, 404),
        (State.SUSPENDED, 503),
        (State.ARCHIVED, 410),
    ],
)
def test_a_district_that_is_not_public_keeps_only_the_desk_open(
    nord: District, state: State, status: int
) -> None:
    put(nord.row, state)
    services.lookup.forget_all()
    client = nord.client()
    for path in ("/", "/menschen/", "/kontakt/", "/en/", "/api/v1/teams/", "/medien/bild/ada/"):
        response = client.get(path)
        assert response.status_code == status, path
        assert "Ada" not in response.content.decode()
    assert client.post("/kontakt/", {}).status_code == status
    assert client.get("/anmelden/").status_code == 200
    assert client.get("/koordination/").status_code == 302
    assert client.get("/static/web/wiq.css").status_code == 200
    assert nord.signed_in("coordinator").get("/koordination/").status_code == 200


def test_a_deleted_district_is_an_unknown_host(nord: District) -> None:
    put(nord.row, State.DELETED)
    services.lookup.forget_all()
    assert nord.client().get("/anmelden/").status_code == 404


def test_the_platform_lists_published_districts_only(nord: District, platform: Client) -> None:
    put(nord.row, State.HIDDEN)
    for path in ("/", "/quartiere/"):
        page = platform.get(path).content.decode()
        assert "Südviertel" in page
        assert "Nordviertel" not in page
    answer = platform.get("/api/v1/districts/").json()
    assert [row["slug"] for row in answer["results"]] == ["sued"]
    assert answer["results"][0]["url"] == "http://sued.localhost:8000/"


def test_district_pages_are_not_on_the_platform_and_the_other_way_round(
    nord: District, platform: Client
) -> None:
    for path in ("/menschen/", "/kontakt/", "/koordination/", "/api/v1/teams/"):
        assert platform.get(path).status_code == 404, path
    for path in ("/quartiere/", "/plattform/", "/health/live", "/postfach/", "/api/v1/districts/"):
        assert nord.client().get(path).status_code == 404, path
