"""One inbox for requests and ideas: views, filters, search, several at once, tables."""

import csv
import io
import zipfile
from typing import Any

import pytest
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.conversations import services
from directory.conversations.models import Conversation, ConversationEntry
from directory.ideas.models import Idea
from tests.audited import details, said
from tests.cast import District, form, idea_form
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role

INBOX = "/koordination/posteingang/"


def read(client: Any, query: str = "") -> str:
    response = client.get(INBOX + query)
    assert response.status_code == 200
    return str(response.content.decode())


def fill(district: District) -> None:
    """Five requests, one in each view, and an idea."""
    for name in ("Neu", "Meine", "Wartend", "Fertig", "Verdacht"):
        district.client().post("/kontakt/", form(name=f"Frau {name}", message=f"{name}: Text dazu"))
    district.client().post("/idee/", idea_form(name="Frau Idee"))
    with district.inside():
        mine = User.objects.get(email=f"coordinator@{district.slug}.example").pk
        rows = Conversation.objects
        rows.filter(name="Frau Meine").update(assignee=mine)
        for name, turn in (("Wartend", "theirs"), ("Fertig", "done"), ("Verdacht", "suspicious")):
            rows.filter(name=f"Frau {name}").update(turn=turn)


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("meine", {"Meine"}),
        ("niemand", {"Neu", "Idee"}),
        ("wir", {"Neu", "Meine", "Idee"}),
        ("wartet", {"Wartend"}),
        ("erledigt", {"Fertig"}),
        ("verdaechtig", {"Verdacht"}),
        ("gibt-es-nicht", {"Neu", "Meine", "Idee"}),
    ],
)
def test_each_view_shows_what_it_says(nord: District, view: str, names: set[str]) -> None:
    fill(nord)
    page = read(nord.signed_in("coordinator"), f"?sicht={view}")
    everybody = ("Neu", "Meine", "Wartend", "Fertig", "Verdacht", "Idee")
    assert {name for name in everybody if f"<strong>Frau {name}</strong>" in page} == names


def test_filters_narrow_a_view_and_nonsense_does_no_harm(nord: District) -> None:
    fill(nord)
    desk = nord.signed_in("coordinator")
    assert "Frau Neu" not in read(desk, "?art=idea")
    assert "Frau Idee" in read(desk, "?art=idea")
    with nord.inside():
        mine = User.objects.get(email="coordinator@nord.example").pk
    assert "Frau Meine" in read(desk, f"?wer={mine}")
    assert "Frau Neu" not in read(desk, f"?wer={mine}")
    for query in ("?wer=x", "?seite=-1", "?seite=99999999999", "?q=%27%22%29", "?art=x"):
        read(desk, query)


@pytest.mark.parametrize(
    ("words", "finds"),
    [("fertig", True), ("beispiel", True), ("Frau Ferti", True), ("nirgends", False)],
)
def test_the_search_looks_into_everything_in_every_view(
    nord: District, words: str, finds: bool
) -> None:
    fill(nord)
    page = read(nord.signed_in("coordinator"), f"?q={words}")
    assert ("Frau Fertig" in page) is finds


def test_an_answer_is_found_by_its_words_and_a_number_by_itself(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    desk = nord.signed_in("coordinator")
    with nord.inside():
        reference = ContactRequest.objects.get().reference
    desk.post(f"{INBOX}{reference}/", {"was": "antworten", "text": "Wir kommen mit der Leiter."})
    assert "Erika" in read(desk, "?q=leiter")
    assert "Erika" in read(desk, f"?q={reference}")


@pytest.mark.parametrize(
    ("search", "finds"),
    [
        ("0341123456", True), ("0341 123456", True), ("+49 341 12 34 56", True), ("0341/12", True),
        ("99999", False), ("erika@beispiel.example", True), ("WASSER", True), ("-----", False),
    ],
)  # fmt: skip
def test_a_number_an_address_and_a_note_are_found_however_they_are_typed(
    nord: District, search: str, finds: bool
) -> None:
    nord.client().post("/kontakt/", form(phone="+49 (0)341 123456"))
    desk = nord.signed_in("coordinator")
    with nord.inside():
        reference = ContactRequest.objects.get().reference
    desk.post(f"{INBOX}{reference}/", {"was": "notieren", "text": "Hat kein Wasser im Garten."})
    assert "Erika" in read(desk, f"?q={reference.replace('-', '').lower()}")
    page = desk.get(INBOX, {"q": search}).content.decode()
    assert ("<strong>Erika" in page) is finds


def test_a_joined_request_is_found_by_its_own_number(nord: District) -> None:
    for message in ("Eine Bank am Kanal, bitte.", "Noch einmal: eine Bank, bitte."):
        nord.client().post("/kontakt/", form(message=message))
    with nord.inside():
        first, second = ContactRequest.objects.order_by("pk")
        services.join(kept=first, joined=second, actor="test")
    assert first.reference in read(nord.signed_in("coordinator"), f"?q={second.reference}")


def test_several_are_taken_closed_or_suspected_at_once_after_a_question(
    nord: District, sued: District
) -> None:
    for number in range(3):
        nord.client().post("/kontakt/", form(name=f"Erika {number}"))
    sued.client().post("/kontakt/", form())
    desk = nord.signed_in("coordinator")
    with nord.inside():
        numbers = list(Conversation.objects.values_list("pk", flat=True))
    before = "new"
    for act, state in (("nehmen", "taken"), ("erledigt", "closed"), ("verdaechtig", "spam")):
        data = {"was": act, "wahl": [*numbers, 999_999], "zurueck": "?sicht=wir"}
        asked = desk.post(INBOX, data)
        assert asked.status_code == 200
        assert asked.content.decode().count("<strong>Erika") == 3
        with nord.inside():
            assert {found.state for found in ContactRequest.objects.all()} == {before}
        answer = desk.post(INBOX, data | {"sicher": "1"})
        assert answer.headers["Location"] == f"{INBOX}?sicht=wir"
        with nord.inside():
            assert {found.state for found in ContactRequest.objects.all()} == {state}
        before = state
    outside = desk.post(INBOX, {"was": "nehmen", "zurueck": "https://evil.example/"})
    assert outside.headers["Location"] == INBOX
    with sued.inside():
        assert ContactRequest.objects.get().state == "new"


def test_several_are_handed_to_a_colleague_and_a_refusal_names_its_number(nord: District) -> None:
    for number in range(2):
        nord.client().post("/kontakt/", form(name=f"Erika {number}"))
    nord.client().post("/idee/", idea_form(name="Frau Idee"))
    desk = nord.signed_in("coordinator")
    with nord.inside():
        sabine = accounts.create_account(email="sabine@nord.example", role=Role.COORDINATOR)
        chosen = list(Conversation.objects.values_list("pk", flat=True))
        idea = Conversation.objects.get(name="Frau Idee")
    give = {"was": "geben", "wahl": chosen}
    assert "sabine@nord.example" in desk.post(INBOX, give).content.decode()
    # Whoever is no colleague is nobody to hand to: the question comes again.
    assert desk.post(INBOX, give | {"sicher": "1", "an": "999999"}).status_code == 200
    desk.post(INBOX, give | {"sicher": "1", "an": str(sabine.pk)})
    with nord.inside():
        assert set(Conversation.objects.values_list("assignee", flat=True)) == {sabine.pk}
    # An idea is decided with a reason, so it is not closed with others.
    desk.post(INBOX, {"was": "erledigt", "wahl": chosen, "sicher": "1"})
    assert f"{idea.reference}: " in read(desk)
    with nord.inside():
        assert set(ContactRequest.objects.values_list("state", flat=True)) == {"closed"}
        assert Idea.objects.get().state == "received"


def test_a_table_holds_all_of_a_view_and_calculates_nothing(nord: District) -> None:
    nord.client().post("/kontakt/", form(name="=1+1", message="@SUM(A1) und mehr Text"))
    nord.client().post("/idee/", idea_form())
    desk = nord.signed_in("coordinator")
    response = desk.get(f"{INBOX}tabelle.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    with nord.inside():
        assert said("inbox.") == [("inbox.exported", "coordinator@nord.example")]
    assert len(rows) == 3
    assert rows[1][2:4] == ["'=1+1", "'@SUM(A1) und mehr Text"]
    book = b"".join(desk.get(f"{INBOX}tabelle.xlsx?sicht=wir").streaming_content)
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        sheet = "".join(opened.read(name).decode() for name in opened.namelist() if "xl/" in name)
    assert "=1+1" in sheet
    assert "<f>" not in sheet
    assert desk.get(f"{INBOX}tabelle.exe").status_code == 404
    with nord.inside():
        assert [one["count"] for one in details("inbox.exported")] == [2, 2]
        assert (
            "als Tabelle geholt (2 Zeilen)"
            in desk.get("/koordination/audit/entry/").content.decode()
        )


def test_a_call_is_written_down_as_one(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    call = {"name": "Frau Ohne-Mail", "phone": "0341 123456", "message": "Möchte gießen helfen."}
    assert desk.post(f"{INBOX}anruf/", call | {"phone": "ruf an"}).status_code == 422
    assert desk.post(f"{INBOX}anruf/", call | {"phone": ""}).status_code == 422
    there = desk.post(f"{INBOX}anruf/", call).headers["Location"]
    page = desk.get(there).content.decode()
    assert "angerufen" in page
    assert "über die Seite" not in page
    assert "Antwort senden" not in page
    with nord.inside():
        assert (ContactRequest.objects.get().origin, Idea.objects.count()) == ("phone", 0)


@pytest.mark.parametrize("sort", ["anfrage", "idee"])
def test_a_call_whose_button_is_pressed_twice_is_one(nord: District, sort: str) -> None:
    desk = nord.signed_in("coordinator")
    call = {"name": "Frau Ohne-Mail", "phone": "0341 123456", "message": "Möchte gießen helfen.",
            "sort": sort, "title": "Gießen"}  # fmt: skip
    first, again = (desk.post(f"{INBOX}anruf/", call).headers["Location"] for _time in range(2))
    assert first == again
    other = desk.post(f"{INBOX}anruf/", call | {"name": "Herr Ohne-Mail"})
    assert other.headers["Location"] != first
    with nord.inside():
        assert ContactRequest.objects.count() + Idea.objects.count() == 2


def many(count: int) -> None:
    """Write rows past the services, as many as a busy district has after years."""
    now = timezone.now()
    first = ContactRequest.objects.create(name="x", phone="0341 123456", message="Text dazu.")
    start = first.pk + 1
    rows = ContactRequest.objects.bulk_create(
        [
            ContactRequest(
                name=f"Person {n}", phone="0341 123456", message="Text", token=f"{n:032}",
                reference=f"{n:08}"[:4] + "-" + f"{n:08}"[4:],
            )
            for n in range(start, start + count)
        ]
    )  # fmt: skip
    made = Conversation.objects.bulk_create(
        [
            Conversation(
                about_type="contact.contactrequest", about_id=row.pk, reference=row.reference,
                title=f"Eine Bank Nummer {row.pk}", name=row.name, state="new", opened_at=now,
                search_key=f"person {row.pk} bank kanal {'selten' if row.pk % 1000 == 0 else ''}",
                turn=("ours", "theirs", "done")[row.pk % 3],
            )
            for row in rows
        ]
    )  # fmt: skip
    ConversationEntry.objects.bulk_create(
        [
            ConversationEntry(conversation=found, kind="message", via="page", text="Text", state="new")
            for found in made
        ]
    )  # fmt: skip


def test_the_inbox_is_of_its_district_and_its_coordination(nord: District, sued: District) -> None:
    sued.client().post("/kontakt/", form(name="Aus dem Süden"))
    assert "Aus dem Süden" not in read(nord.signed_in("coordinator"), "?q=sueden")
    for path in ("", "tabelle.csv", "anruf/"):
        assert nord.signed_in("editor").get(INBOX + path).status_code == 403
        assert nord.client().get(INBOX + path).status_code == 302


def test_a_page_beyond_the_end_is_the_last_one(nord: District) -> None:
    with nord.inside():
        many(60)
    desk = nord.signed_in("coordinator")
    assert "Seite 2" not in read(desk, "?sicht=niemand&seite=7")
    nord_all = read(desk, "?q=person&seite=99")
    assert "Seite 3" in nord_all
    assert "seite=4" not in nord_all


def test_whoever_wants_no_keys_gets_none(nord: District, sued: District) -> None:
    desk = nord.signed_in("coordinator")
    for at in (INBOX, "/koordination/", "/koordination/hilfe/"):
        assert "desk-keys" in desk.get(at).content.decode()
    assert desk.get("/koordination/tasten/").status_code == 405
    assert desk.post("/koordination/tasten/").headers["Location"].endswith("/hilfe/#tasten")
    assert "desk-keys" not in read(desk)
    assert "desk-keys" in read(sued.signed_in("coordinator"))
    desk.post("/koordination/tasten/", {"an": "1"})
    assert "desk-keys" in read(desk)
