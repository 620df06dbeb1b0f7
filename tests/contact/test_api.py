"""``POST /api/v1/contact-requests/`` and the inbox for programs."""

from typing import Any

import pytest
from django.http import HttpResponse

from directory.contact.models import ContactRequest
from tests.cast import District, body

URL = "/api/v1/contact-requests/"


def post(district: District, data: Any, **headers: str) -> HttpResponse:
    return district.client(**headers).post(URL, data, content_type="application/json")


def test_a_request_is_accepted_with_reference_and_status_page(nord: District) -> None:
    response = post(nord, body())
    assert response.status_code == 201
    with nord.inside():
        kept = ContactRequest.objects.get()
    assert response.json() == {
        "reference": kept.reference,
        "status_url": f"http://nord.localhost:8000/kontakt/{kept.token}/",
    }
    assert nord.client().get(f"/kontakt/{kept.token}/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"email": "erika@"}, "email"),
        ({"email": "a@b.example;c@d.example"}, "email"),
        ({"email": None}, "email"),
        ({"message": "x" * 9}, "message"),
        ({"message": "x" * 5001}, "message"),
        ({"message": "halb \ud800 lesbar und lang"}, "message"),
        ({"message": "ein \x00 darin, das stört"}, "message"),
        ({"name": "Erika\r\nBcc: alle@beispiel.example"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": ["eine", "Liste"]}, "name"),
        ({"name": None}, "name"),
        ({"team": "gibt-es-nicht"}, "team"),
        ({"team": "\x00"}, "team"),
        ({"language": "fr"}, "language"),
        ({"privacy_acknowledged": False}, "privacy_acknowledged"),
        ({"privacy_acknowledged": None}, "privacy_acknowledged"),
    ],
)
def test_bad_input_is_named_by_its_field(
    nord: District, changes: dict[str, Any], attr: str
) -> None:
    response = post(nord, body(**changes))
    assert response.status_code == 400
    answer = response.json()
    assert answer["type"] == "validation_error"
    assert [error["attr"] for error in answer["errors"]] == [attr]
    with nord.inside():
        assert not ContactRequest.objects.exists()


def test_messages_follow_the_readers_language(nord: District) -> None:
    german = post(nord, body(email="x")).json()["errors"][0]["detail"]
    english = post(nord, body(email="x"), **{"accept-language": "en"}).json()["errors"][0]["detail"]
    assert german.startswith("Diese E-Mail-Adresse")
    assert english.startswith("This email address")


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"<x/>", "application/xml", 415),
        (b" " * 2_000_000, "application/json", 413),
        (b" " * 20_000_000, "application/json", 413),
    ],
)
def test_bad_bodies_are_refused_with_the_right_status(
    nord: District, content: bytes, content_type: str, status: int
) -> None:
    response = nord.client().post(URL, content, content_type=content_type)
    assert response.status_code == status
    assert response.json()["errors"]


def test_a_team_of_another_district_is_unknown(nord: District, sued: District) -> None:
    with sued.inside():
        team = sued.team("steuerungsteam")
        team.slug = "nur-im-sueden"
        team.save(update_fields=["slug"])
    assert post(sued, body(team="nur-im-sueden")).status_code == 201
    assert post(nord, body(team="nur-im-sueden")).status_code == 400


def test_a_repeat_with_the_same_key_returns_the_first_answer(nord: District) -> None:
    key = {"idempotency-key": "abc-1"}
    first, second = post(nord, body(), **key), post(nord, body(), **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    with nord.inside():
        assert ContactRequest.objects.count() == 1
    other = post(nord, body(name="Jemand anders"), **key)
    assert other.status_code == 422
    assert post(nord, body(), **{"idempotency-key": "x" * 101}).status_code == 400


def test_the_same_key_in_another_district_is_another_request(
    nord: District, sued: District
) -> None:
    key = {"idempotency-key": "abc-1"}
    assert post(nord, body(), **key).json() != post(sued, body(), **key).json()


def test_the_inbox_is_for_coordinators_of_this_district(nord: District, sued: District) -> None:
    reference = post(nord, body()).json()["reference"]
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    answer = ours.get(URL).json()
    assert answer["count"] == 1
    assert answer["results"][0]["reference"] == reference
    assert ours.get(f"{URL}{reference}/").json()["name"] == "Erika Beispiel"
    refused = {
        "a visitor": nord.client(),
        "an editor": nord.client(authorization=f"Bearer {nord.token('editor')}"),
        "the other district": nord.client(authorization=f"Bearer {sued.token()}"),
        "nonsense": nord.client(authorization="Bearer nonsense"),
    }
    for who, client in refused.items():
        assert client.get(URL).status_code in (401, 403), who
        assert client.get(f"{URL}{reference}/").status_code in (401, 403), who
        patch = client.patch(f"{URL}{reference}/", {"state": "closed"}, "application/json")
        assert patch.status_code in (401, 403), who
    with nord.inside():
        assert ContactRequest.objects.get().state == "new"


def test_a_coordinator_moves_a_request(nord: District) -> None:
    reference = post(nord, body()).json()["reference"]
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    answer = ours.patch(f"{URL}{reference}/", {"state": "taken"}, "application/json")
    assert answer.status_code == 200
    assert answer.json()["state"] == "taken"
    assert answer.json()["taken_by"] == "coordinator@nord.example"
    assert ours.patch(f"{URL}{reference}/", {"state": "x"}, "application/json").status_code == 400
    assert ours.patch(f"{URL}AAAA-AAAA/", {"state": "taken"}).status_code in (404, 415)


def test_a_session_of_the_desk_does_not_open_the_api(nord: District) -> None:
    assert nord.signed_in("coordinator").get(URL).status_code in (401, 403)


def test_the_eleventh_post_in_a_minute_waits(nord: District) -> None:
    client = nord.client()
    for _index in range(10):
        client.post(URL, {}, content_type="application/json")
    response = client.post(URL, body(), content_type="application/json")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
