"""A request's conversation over the API, word for word as the contract has it."""

from typing import Any

import pytest

from directory.contact.models import ContactRequest
from tests.api.test_writing import send, with_token
from tests.cast import District, form
from wiq.accounts import services as accounts
from wiq.accounts.models import Scope, User
from wiq.mail.models import Message

KINDS = {"message", "answer", "note", "call", "move"}


@pytest.fixture
def reference(nord: District) -> str:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        return ContactRequest.objects.get().reference


def read(client: Any, reference: str) -> Any:
    return client.get(f"/api/v1/contact-requests/{reference}/").json()


def test_a_script_takes_answers_and_notes_and_reads_all_of_it_in_order(
    nord: District, reference: str
) -> None:
    client, path = with_token(nord), f"contact-requests/{reference}"
    me = "coordinator@nord.example"
    taken = send(client, "patch", path, {"assignee": me, "state": "taken"})
    assert (taken.status_code, taken.json()["assignee"]) == (200, me)
    noted = send(client, "post", f"{path}/notes", {"text": "Ruft lieber an."})
    answered = send(client, "post", f"{path}/answers", {"text": "Gern, wir kommen vorbei."})
    assert (noted.status_code, answered.status_code) == (201, 201)
    assert set(answered.json()) == {"id", "kind", "at", "by", "text", "state"}
    assert answered.json() | {"id": 0, "at": ""} == {
        "id": 0, "kind": "answer", "at": "", "by": me, "text": "Gern, wir kommen vorbei.",
        "state": "waiting",
    }  # fmt: skip
    one = read(client, reference)
    kinds = [entry["kind"] for entry in one["conversation"]]
    assert [kind for kind in kinds if kind != "move"] == ["message", "note", "answer"]
    assert set(kinds) <= KINDS
    assert one["state"] == "answered"
    assert [entry["at"] for entry in one["conversation"]] == sorted(
        entry["at"] for entry in one["conversation"]
    )
    with nord.inside():
        sent = Message.objects.get(kind__endswith=".answer")
        assert (sent.to, "vorbei" in sent.text) == ("erika@beispiel.example", True)
    assert send(client, "patch", path, {"assignee": None}).json()["assignee"] is None
    assert "conversation" not in client.get("/api/v1/contact-requests/").json()["results"][0]


def test_an_answer_over_the_api_says_that_it_came_so_and_goes_out_once(
    nord: District, reference: str
) -> None:
    client, path = with_token(nord), f"contact-requests/{reference}/answers"
    first, second = (send(client, "post", path, {"text": "Einmal genügt."}) for _n in range(2))
    assert first.json()["id"] == second.json()["id"]
    with nord.inside():
        assert Message.objects.filter(kind__endswith=".answer").count() == 1
    page = nord.signed_in("coordinator").get(f"/koordination/posteingang/{reference}/")
    assert "Einmal genügt." in page.content.decode()


@pytest.mark.parametrize(
    ("body", "where", "attr"),
    [
        ({"text": ""}, "answers", "text"),
        ({}, "notes", "text"),
        ({"text": "x" * 30_000}, "notes", "text"),
        ({"assignee": "fremd@beispiel.example"}, "", "assignee"),
        ({"assignee": "editor@nord.example"}, "", "assignee"),
        ({"assignee": "coordinator@sued.example"}, "", "assignee"),
        ({"state": "erledigt"}, "", "state"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(
    nord: District, reference: str, body: dict[str, str], where: str, attr: str
) -> None:
    client = with_token(nord)
    before = read(client, reference)
    method, path = ("post", f"/{where}") if where else ("patch", "")
    refused = send(client, method, f"contact-requests/{reference}{path}", body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["attr"] == attr
    assert read(client, reference) == before


def test_nobody_else_answers_or_notes(nord: District, sued: District, reference: str) -> None:
    with nord.inside():
        user = User.objects.get(email="coordinator@nord.example")
        reading = accounts.create_token(user, scopes=[Scope.READ])
    path, words = f"contact-requests/{reference}", {"text": "Ich war es nicht."}
    for client, status in (
        (nord.client(), 401),
        (with_token(nord, "editor"), 403),
        (nord.client(authorization=f"Bearer {reading}"), 403),
        (with_token(sued), 404),
        (nord.client(authorization=f"Bearer {sued.token()}"), 401),
    ):
        for where in ("answers", "notes"):
            assert send(client, "post", f"{path}/{where}", words).status_code == status
    assert len(read(with_token(nord), reference)["conversation"]) == 1


def test_the_document_describes_the_conversation(nord: District) -> None:
    document = nord.client().get("/api/schema/?format=json").json()
    paths = document["paths"]
    for where in ("answers", "notes"):
        made = paths[f"/api/v1/contact-requests/{{reference}}/{where}/"]["post"]
        assert "201" in made["responses"]
        assert made["requestBody"]
    entry = document["components"]["schemas"]["Entry"]["properties"]
    assert set(entry) == {"id", "kind", "at", "by", "text", "state"}
    change = paths["/api/v1/contact-requests/{reference}/"]["patch"]
    sent = change["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shown = change["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    schemas = document["components"]["schemas"]
    assert "assignee" in schemas[sent.rpartition("/")[2]]["properties"]
    assert "conversation" in schemas[shown.rpartition("/")[2]]["properties"]
