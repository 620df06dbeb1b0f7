"""The coordinators' inbox: what its buttons do, who may press them, and what nobody may."""

from typing import Any

import pytest
from django.db import models

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from tests.cast import District, form, idea_form
from tests.conversations.reading import reader
from wiq.audit.models import Entry
from wiq.mail.models import Message

INBOX, IDEAS = "/koordination/contact/contactrequest/", "/koordination/ideas/idea/"
CALL = {"name": "Frau Ohne-Mail", "phone": "0341 123456", "message": "Möchte gießen helfen."}


def press(district: District, url: str, action: str, role: str = "coordinator") -> Any:
    model = ContactRequest if url == INBOX else Idea
    with district.inside():
        numbers = list(model.objects.values_list("pk", flat=True))
    return district.signed_in(role).post(url, {"action": action, "_selected_action": numbers})


@pytest.mark.parametrize(
    ("action", "state"),
    [("take", "taken"), ("close", "closed"), ("mark_spam", "spam")],
)
def test_a_button_of_the_inbox_moves_every_chosen_request(
    nord: District, action: str, state: str
) -> None:
    for number in range(2):
        nord.client().post("/kontakt/", form(name=f"Erika {number}"))
    assert press(nord, INBOX, action, "editor").status_code == 403
    with nord.inside():
        assert {found.state for found in ContactRequest.objects.all()} == {"new"}
    assert press(nord, INBOX, action).status_code == 302
    with nord.inside():
        assert [found.state for found in ContactRequest.objects.all()] == [state, state]
        log = Entry.objects.filter(action="contactrequest.state")
        assert list(log.values_list("actor", flat=True)) == ["coordinator@nord.example"] * 2


@pytest.mark.parametrize(("action", "is_spam"), [("mark_spam", True), ("mark_no_spam", False)])
def test_a_button_says_whether_ideas_are_spam(nord: District, action: str, is_spam: bool) -> None:
    nord.client().post("/idee/", idea_form(website="" if is_spam else "http://spam.example"))
    assert press(nord, IDEAS, action, "editor").status_code == 403
    press(nord, IDEAS, action)
    with nord.inside():
        assert (Idea.objects.get().state == "spam") is is_spam
        assert Entry.objects.get(action="idea.state").actor == "coordinator@nord.example"


def test_mails_are_sent_again_in_the_name_of_who_pressed(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    press(nord, INBOX, "send_again", "editor")
    press(nord, INBOX, "send_again")
    with nord.inside():
        entry = Entry.objects.get(action="contactrequest.mailed_again")
        assert entry.actor == "coordinator@nord.example"


@pytest.mark.parametrize(("url", "model"), [(INBOX, ContactRequest), (IDEAS, Idea)])
def test_nothing_that_somebody_sent_is_deleted_by_a_wrong_click(
    nord: District, url: str, model: type[models.Model]
) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        number = model._default_manager.get().pk
    desk = nord.signed_in("coordinator")
    assert desk.get(f"{url}{number}/change/").status_code == 200
    assert desk.post(f"{url}{number}/delete/", {"post": "yes"}).status_code == 403
    sure = {"action": "delete_selected", "_selected_action": [number], "post": "yes"}
    desk.post(url, sure)
    with nord.inside():
        assert model._default_manager.filter(pk=number).exists()


def test_a_call_may_be_recorded_and_an_idea_is_brought_by_residents_alone(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    assert desk.get(f"{INBOX}add/").status_code == 200
    assert desk.get(f"{IDEAS}add/").status_code == 403
    editor = nord.signed_in("editor")
    assert editor.post(f"{INBOX}add/", CALL).status_code == 403
    with nord.inside():
        assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    "mistake",
    [{"phone": "ruf an"}, {"name": "x" * 121}, {"message": "kurz"}, {"email": "a@b.de, c@d.de"}],
)
def test_a_call_keeps_the_rules_of_the_form(nord: District, mistake: dict[str, str]) -> None:
    desk = nord.signed_in("coordinator")
    assert desk.post(f"{INBOX}add/", CALL | mistake).status_code == 200
    with nord.inside():
        assert not ContactRequest.objects.exists()


def test_a_call_is_recorded_for_the_team_that_was_chosen_by_who_took_it(nord: District) -> None:
    team = nord.team("steuerungsteam")
    nord.signed_in("coordinator").post(f"{INBOX}add/", CALL | {"team": str(team.pk)})
    with nord.inside():
        assert ContactRequest.objects.get().team == team
        entry = Entry.objects.get(action="contactrequest.recorded")
        assert entry.actor == "coordinator@nord.example"
        assert Message.objects.count() == 1


def test_nothing_but_its_state_is_changed_at_the_desk(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        before = ContactRequest.objects.get()
    url = f"{INBOX}{before.pk}/change/"
    changed = {"state": "closed", "message": "Etwas anderes.", "email": "weg@beispiel.example"}
    client = nord.signed_in("coordinator")
    client.post(url, changed)
    client.post(url, changed | {"_act": "state:taken"})
    with nord.inside():
        after = ContactRequest.objects.get()
    assert (after.state, after.message, after.email) == ("taken", before.message, before.email)


def test_what_somebody_typed_stays_text_at_the_desk(nord: District) -> None:
    nord.client().post("/kontakt/", form(message="<script>alert(1)</script> und mehr"))
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea, request = Idea.objects.get(), ContactRequest.objects.get()
    hostile = "<script>alert(2)</script>, sagt Erika"
    status = f"/idee/{idea.token}/"
    assert reader(nord, status).post(status, {"antwort": hostile}).status_code == 303
    desk = nord.signed_in("coordinator")
    for url, number in ((f"{INBOX}{request.pk}", 1), (f"{IDEAS}{idea.pk}", 2)):
        page = desk.get(f"{url}/change/").content.decode()
        assert f"<script>alert({number})" not in page
        assert f"&lt;script&gt;alert({number})" in page


def test_answered_asks_where_no_answer_stands(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        url = f"{INBOX}{ContactRequest.objects.get().pk}/change/"
    desk = nord.signed_in("coordinator")
    assert "Wie haben Sie geantwortet?" in desk.get(url).content.decode()
    asked = desk.post(url, {"_act": "state:answered"})
    assert "Hier steht noch keine Antwort." in asked.content.decode()
    with nord.inside():
        assert ContactRequest.objects.get().state == "new"
    assert desk.post(url, {"_act": "state:answered", "state-how": "phone"}).status_code == 302
    with nord.inside():
        assert ContactRequest.objects.get().state == "answered"
