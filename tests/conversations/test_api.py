"""The conversation through the API: read, answered, noted, given to somebody."""

from typing import Any

from directory.contact import answering
from directory.contact.models import ContactRequest
from tests.audited import said
from tests.cast import ACTOR, District, body

URL = "/api/v1/contact-requests/"


def asked(district: District, **changes: str) -> str:
    answer = district.client().post(URL, body(**changes), content_type="application/json")
    return f"{URL}{answer.json()['reference']}/"


def post(client: Any, url: str, **data: Any) -> Any:
    return client.post(url, data, content_type="application/json")


def test_a_program_reads_answers_and_notes_in_order(nord: District) -> None:
    url = asked(nord)
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    noted = post(ours, f"{url}notes/", text="Bitte anrufen.")
    answered = post(ours, f"{url}answers/", text="Gern, wir melden uns.")
    assert (noted.status_code, answered.status_code) == (201, 201)
    assert answered.json() | {"id": 0, "at": ""} == {
        "id": 0, "kind": "answer", "at": "", "by": "coordinator@nord.example",
        "text": "Gern, wir melden uns.", "state": "waiting",
    }  # fmt: skip
    told = ours.get(url).json()["conversation"]
    assert [entry["kind"] for entry in told] == ["message", "note", "answer", "move"]
    assert told[0]["by"] == "resident"
    assert "conversation" not in ours.get(URL).json()["results"][0]
    assert post(ours, f"{url}answers/", text=" ").json()["errors"][0]["attr"] == "text"


def test_a_program_says_who_is_in_charge(nord: District) -> None:
    url = asked(nord)
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    assert ours.get(url).json()["assignee"] is None
    given = ours.patch(url, {"assignee": "Coordinator@nord.example"}, "application/json").json()
    assert (given["assignee"], given["state"]) == ("coordinator@nord.example", "taken")
    assert ours.get(URL).json()["results"][0]["assignee"] == "coordinator@nord.example"
    for nobody in ("editor@nord.example", "niemand@nord.example"):
        refused = ours.patch(url, {"assignee": nobody}, "application/json")
        assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "assignee")
    assert ours.patch(url, {"assignee": None}, "application/json").json()["assignee"] is None


def test_a_joined_request_shows_the_conversation_it_was_joined_to(nord: District) -> None:
    kept, joined = asked(nord), asked(nord, message="Noch etwas zur Bank am Kanal.")
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    with nord.inside():
        first, second = ContactRequest.objects.order_by("pk")
        answering.join(kept=first, joined=second, actor=ACTOR)
        number = first.reference
    assert ours.get(kept).json()["joined_to"] is None
    with nord.inside():
        read = len(said("contactrequest.read"))
    shown = ours.get(joined).json()
    with nord.inside():
        assert len(said("contactrequest.read")) == read + 2  # who reads the one reads both
    assert shown["joined_to"] == number
    assert shown["conversation"] == ours.get(kept).json()["conversation"]
    assert len(shown["conversation"]) > 1
    for part, text in (("notes/", "Ist dieselbe Person."), ("answers/", "Gern.")):
        assert post(ours, joined + part, text=text).json()["text"] == text
        assert text in [one["text"] for one in ours.get(kept).json()["conversation"]]
    with nord.inside():
        second.refresh_from_db()
        assert second.state == "closed"
    theirs = nord.client(authorization=f"Bearer {nord.token('editor')}")
    assert theirs.get(joined).status_code == 403


def test_nobody_else_reads_or_writes_in_a_conversation(nord: District, sued: District) -> None:
    url = asked(nord)
    for client in (
        nord.client(),
        nord.client(authorization=f"Bearer {nord.token('editor')}"),
        nord.client(authorization=f"Bearer {sued.token()}"),
    ):
        for part in ("answers/", "notes/"):
            assert post(client, url + part, text="Hallo dort").status_code in (401, 403)
    with nord.inside():
        assert ContactRequest.objects.get().state == "new"
