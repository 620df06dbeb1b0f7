"""Clients: what the documents say is what answers, and others' pages may read what is public."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import District

READ, WRITE = ("get", "head"), ("post", "put", "patch", "delete")
JSON = "application/json"


def document(client: Client) -> dict[str, Any]:
    answer = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(params=["district", "platform"])
def client(request: pytest.FixtureRequest, nord: District) -> Client:
    if request.param == "district":
        return nord.client()
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def test_a_document_names_its_server_its_parts_and_each_operation(client: Client) -> None:
    found = document(client)
    assert found["servers"][0]["url"].startswith("http")
    assert found["info"]["license"]["name"] == "EUPL-1.2"
    named = {tag["name"] for tag in found["tags"]}
    for address, operations in found["paths"].items():
        for method, operation in operations.items():
            if method in READ + WRITE:
                assert operation["summary"], (method, address)
                assert set(operation["tags"]) <= named


def test_what_needs_a_token_says_so_and_nothing_else_does(client: Client, settings: Any) -> None:
    # Where no word is set, there is no webhook.
    settings.WIQ_INBOUND_TOKEN = "w" * 40
    found, wrong = document(client), []
    schemes = found["components"]["securitySchemes"]
    for address, operations in found["paths"].items():
        path = re.sub(r"\{[^}]+\}", "1", address)
        for method, operation in operations.items():
            if method not in READ + WRITE:
                continue
            call = getattr(client, method)
            answer = call(path) if method in READ else call(path, "{}", JSON)
            (needed,) = operation["security"]
            assert set(needed) <= set(schemes)
            assert ("inbound" in needed) == (path == "/api/v1/inbound/")
            closed = bool(needed)
            if closed != (answer.status_code == 401):
                wrong.append((method, path, answer.status_code, closed))
    assert wrong == []


def test_others_pages_read_what_everybody_reads_and_nothing_else(nord: District) -> None:
    there = {"origin": "https://anderswo.example"}
    visitor, token = nord.client(**there), f"Bearer {nord.token()}"
    for path in ("teams", "people", "solution-teams", "topics", "district", "events"):
        answer = visitor.get(f"/api/v1/{path}/")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        with_token = visitor.get(f"/api/v1/{path}/", headers={"authorization": token})
        assert "Access-Control-Allow-Origin" not in with_token.headers
    posted = visitor.post("/api/v1/contact-requests/", "{}", JSON)
    assert "Access-Control-Allow-Origin" not in posted.headers
    for path in ("/", "/kontakt/", "/koordination/"):
        assert "Access-Control-Allow-Origin" not in visitor.get(path).headers


def test_the_page_of_the_api_has_a_language_and_landmarks(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    for part in ('<html lang="en">', "<header>", "<title>Wir im Quartier: API</title>"):
        assert part in page


def test_pages_name_the_feed_and_an_icon_for_home_screens(nord: District) -> None:
    for path in ("/", "/loesungsteams/", "/en/menschen/"):
        page = nord.client().get(path).content.decode()
        assert 'type="application/atom+xml"' in page
        assert 'rel="apple-touch-icon" href="/apple-touch-icon.png"' in page
    icon = nord.client().get("/apple-touch-icon.png")
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/png")
    assert icon.content[16:24] == (180).to_bytes(4, "big") * 2
    platform = Client(headers={"host": "localhost"}).get("/")
    assert "application/atom+xml" not in platform.content.decode()
