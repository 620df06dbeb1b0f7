"""An Idempotency-Key stands for one request in one room, as long as anything of it is kept."""

from typing import Any

import pytest
from django.http import HttpResponse

from directory.contact import services
from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from tests.cast import ACTOR, MESSAGE, District, body, idea_form
from wiq.mail.models import Message

REQUESTS, IDEAS = "/api/v1/contact-requests/", "/api/v1/ideas/"
IDEA = idea_form(privacy_acknowledged=True)


def post(district: District, url: str, data: Any, key: str = "eins") -> HttpResponse:
    client = district.client(**{"idempotency-key": key})
    return client.post(url, data, content_type="application/json")


@pytest.mark.parametrize(
    "change",
    [
        {"team": "steuerungsteam"},
        {"solution_team": "baeume"},
        {"kind": "barrier"},
        {"message": f"{MESSAGE} Oder zwei."},
        {"name": "Erika Muster"},
        {"email": "erika@anderswo.example"},
        {"phone": "0341 123456"},
        {"language": "en"},
    ],
)
def test_another_request_under_a_known_key_is_refused(
    nord: District, change: dict[str, str]
) -> None:
    assert post(nord, REQUESTS, body()).status_code == 201
    assert post(nord, REQUESTS, body()).status_code == 201
    other = post(nord, REQUESTS, body(**change))
    assert other.status_code == 422
    assert other.json()["errors"][0]["code"] == "idempotency_key_reused"
    with nord.inside():
        assert ContactRequest.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Zwei Bänke"},
        {"description": f"{MESSAGE} Oder zwei."},
        {"place": "Rabet"},
        {"wants_to_help": "no"},
        {"phone": "0341 123456"},
    ],
)
def test_another_idea_under_a_known_key_is_refused(nord: District, change: dict[str, str]) -> None:
    assert post(nord, IDEAS, IDEA).status_code == 201
    assert post(nord, IDEAS, IDEA | change).status_code == 422
    with nord.inside():
        assert Idea.objects.count() == 1


@pytest.mark.parametrize(("url", "data"), [(REQUESTS, body()), (IDEAS, IDEA)])
def test_a_repeat_mails_nobody_twice(nord: District, url: str, data: dict[str, Any]) -> None:
    answers = [post(nord, url, data).json() for _number in range(3)]
    assert answers[0] == answers[1] == answers[2]
    with nord.inside():
        assert Message.objects.count() == 2
    assert post(nord, url, data, key="zwei").json() != answers[0]


def test_the_same_key_may_name_a_request_and_an_idea(nord: District) -> None:
    assert post(nord, REQUESTS, body()).status_code == 201
    assert post(nord, IDEAS, IDEA).status_code == 201


@pytest.mark.parametrize(
    ("key", "status"), [("x" * 100, 201), ("x" * 101, 400), ("schlüssel", 400), ("a\tb", 400)]
)
def test_a_key_is_at_most_a_hundred_printable_letters(
    nord: District, key: str, status: int
) -> None:
    assert post(nord, REQUESTS, body(), key=key).status_code == status
    assert post(nord, IDEAS, IDEA, key=key).status_code == status


def test_a_key_ends_with_what_it_stood_for(nord: District) -> None:
    first = post(nord, REQUESTS, body()).json()
    with nord.inside():
        services.anonymise(ContactRequest.objects.get(), actor=ACTOR)
    again = post(nord, REQUESTS, body())
    assert again.status_code == 201
    assert again.json()["reference"] != first["reference"]
