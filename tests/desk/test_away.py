"""Whoever is away is given nothing, and what they had open goes to somebody who is there."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from directory.contact import answering
from directory.contact.models import ContactRequest
from directory.conversations import absences
from directory.conversations.models import Absence, Conversation, Via
from directory.ideas.models import Idea
from tests.audited import said
from tests.cast import District, form, idea_form
from wiq.accounts.models import User
from wiq.mail.models import Message

AWAY = "/koordination/abwesend/"
pytestmark = pytest.mark.usefixtures("no_budget")


def sent(district: District, **changes: Any) -> ContactRequest:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        return ContactRequest.objects.latest("pk")


def lou_in(district: District) -> User:
    with district.inside():
        return User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")


def day(ahead: int) -> str:
    return str(timezone.localdate() + timedelta(days=ahead))


def test_what_is_open_is_handed_on_and_nothing_new_is_given(nord: District) -> None:
    request, lou = sent(nord), lou_in(nord)
    nord.client().post("/idee/", idea_form())
    desk = nord.signed_in("coordinator")
    with nord.inside():
        kim = User.objects.get(email="coordinator@nord.example")
        url = f"/koordination/posteingang/{request.reference}/"
    desk.post(url, {"was": "nehmen"})
    with nord.inside():
        idea = Idea.objects.get()
    desk.post(f"/koordination/posteingang/{idea.reference}/", {"was": "nehmen"})
    posted = {"was": "weg", "wer": kim.pk, "bis": day(10), "vertretung": lou.pk}
    assert desk.post(AWAY, posted).status_code == 302
    with nord.inside():
        assert set(Conversation.objects.values_list("assignee", flat=True)) == {lou.pk}
        assert Message.objects.filter(kind="conversations.handed", to=lou.email).count() == 2
        assert said("absence.noted") == [("absence.noted", kim.email)]
        with pytest.raises(ValidationError, match="nicht da"):
            answering.assign(request, to=kim, actor=lou)
    page = desk.get(url).content.decode()
    assert "ist nicht da. Wieder da am" in page
    assert f'<option value="{kim.pk}"' not in page
    assert "Wieder da am" in desk.get("/koordination/alles/").content.decode()
    # Who takes something is here.
    assert desk.post(url, {"was": "nehmen"}).status_code == 302
    desk.post(AWAY, {"was": "zurueck", "wer": kim.pk})
    with nord.inside():
        assert not Absence.objects.exists()


def test_the_api_refuses_whoever_is_away_and_says_why(nord: District) -> None:
    request, lou = sent(nord), lou_in(nord)
    desk = nord.signed_in("coordinator")
    desk.post(AWAY, {"was": "weg", "wer": lou.pk, "bis": day(3), "vertretung": ""})
    headers = {"Authorization": f"Bearer {nord.token()}"}
    url = f"/api/v1/contact-requests/{request.reference}/"
    answer = nord.client().patch(
        url, {"assignee": lou.email}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert error["attr"] == "assignee"
    assert "nicht da" in error["detail"]
    given = {"assignee": "coordinator@nord.example"}
    answer = nord.client().patch(url, given, content_type="application/json", headers=headers)
    assert answer.json()["assignee"] == "coordinator@nord.example"


def test_a_reply_to_somebody_who_is_away_is_everybodys(nord: District) -> None:
    request, lou = sent(nord), lou_in(nord)
    with nord.inside():
        answering.answer(request, text="Ja, gern.", actor=lou)
        Absence.objects.create(account=lou.pk, until=day(5))
        answering.reply(request, text="Und wann?", via=Via.PAGE)
        request.refresh_from_db()
        assert request.state == "new"
        assert Conversation.objects.get().assignee is None


def test_an_absence_ends_by_itself_and_a_wrong_one_is_refused(nord: District) -> None:
    lou = lou_in(nord)
    desk = nord.signed_in("coordinator")
    for wrong in ({"bis": day(0)}, {"bis": "bald"}, {"bis": day(400)}, {"wer": ""},
                  {"vertretung": lou.pk}):  # fmt: skip
        posted = {"was": "weg", "wer": lou.pk, "bis": day(2), "vertretung": "", **wrong}
        assert desk.post(AWAY, posted).status_code == 422
    with nord.inside():
        assert not Absence.objects.exists()
        Absence.objects.create(account=lou.pk, until=day(0))
        assert absences.until(lou) is None
        assert absences.forget_over() == 1


def test_nobody_else_says_who_is_away(nord: District, sued: District) -> None:
    lou = lou_in(nord)
    posted = {"was": "weg", "wer": lou.pk, "bis": day(2), "vertretung": ""}
    for client in (nord.client(), nord.signed_in("editor"), sued.signed_in("coordinator")):
        assert client.post(AWAY, posted).status_code in (302, 403, 422)
    with nord.inside():
        assert not Absence.objects.exists()


def test_a_visit_at_the_door_is_an_idea_that_came_by_a_visit(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    told = {
        "origin": "visit", "sort": "idee", "name": "Frau Besuch", "phone": "0341 123456",
        "message": "Sie möchte eine Bank am Kanal.", "title": "",
    }  # fmt: skip
    url = "/koordination/posteingang/anruf/"
    assert desk.post(url, told).status_code == 422
    there = desk.post(url, told | {"title": "Bank am Kanal"}).headers["Location"]
    page = desk.get(there).content.decode()
    assert "vorbeigekommen" in page
    assert "über die Seite" not in page
    with nord.inside():
        assert (Idea.objects.get().origin, ContactRequest.objects.count()) == ("visit", 0)
        assert said("idea.recorded") == [("idea.recorded", "coordinator@nord.example")]
