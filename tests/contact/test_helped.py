"""Some days after an answer residents are asked once whether it helped; a button answers."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from directory.contact import answering, helped
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations.models import Conversation, Via
from tests.cast import ACTOR, District, form
from tests.days import at
from wiq.accounts.models import User
from wiq.mail.models import Message

pytestmark = pytest.mark.usefixtures("no_budget")
DAY = date(2026, 5, 4)


def later(days: int) -> Any:
    return at(DAY + timedelta(days=days))


def answered(district: District, **changes: Any) -> ContactRequest:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        request = ContactRequest.objects.latest("pk")
        kim = User.objects.get(email=f"coordinator@{district.slug}.example")
        answering.answer(request, text="Ja, gern.", actor=kim)
        return request


def asked(district: District) -> str:
    with district.inside():
        assert helped.ask_due() == 1
        mail = Message.objects.get(kind="contact.helped")
    found = re.search(r":8000(\S+)", mail.text)
    assert found
    return found[1]


def test_she_is_asked_once_and_opening_the_link_changes_nothing(
    nord: District, sued: District
) -> None:
    with at(DAY):
        request = answered(nord, language="en")
    with later(4), nord.inside():
        assert helped.ask_due() == 0
    with later(5):
        path = asked(nord)
        assert path.startswith("/en/kontakt/")
        for method in ("get", "head", "get"):
            assert getattr(nord.client(), method)(path).status_code == 200
        with nord.inside():
            assert helped.ask_due() == 0
            assert Conversation.objects.get().helped == ""
            request.refresh_from_db()
            assert request.state == "answered"
        with sued.inside():
            assert helped.ask_due() == 0
        assert sued.client().get(path).status_code == 404


def test_a_yes_closes_it_and_stands_in_the_conversation(nord: District) -> None:
    with at(DAY):
        request = answered(nord)
    with later(6):
        path = asked(nord)
        assert "freut uns" in nord.client().post(path, {"was": "ja"}).content.decode()
        assert nord.client().post(path, {"was": "nein"}).status_code == 422
    with nord.inside():
        request.refresh_from_db()
        conversation = Conversation.objects.get()
        assert (request.state, conversation.helped) == ("closed", "yes")
        assert conversation.entries.filter(text="Die Antwort hat geholfen.").exists()


def test_a_no_makes_it_the_teams_turn_again_and_is_not_asked_a_second_time(
    nord: District,
) -> None:
    with at(DAY):
        request = answered(nord)
    with later(6):
        path = asked(nord)
        page = nord.client().post(path, {"was": "nein", "antwort": "Die Bank fehlt noch."})
        assert "noch einmal" in page.content.decode()
        with nord.inside():
            request.refresh_from_db()
            conversation = Conversation.objects.get()
            assert (request.state, conversation.turn, conversation.helped) == (
                "taken", "ours", "no",
            )  # fmt: skip
            assert "Die Bank fehlt noch." in conversation.entries.filter(kind="message").last().text
            contact.set_state(request, "answered", actor=ACTOR)
    with later(20), nord.inside():
        assert helped.ask_due() == 0


def test_who_has_written_since_has_no_address_or_was_answered_long_ago_is_not_asked(
    nord: District,
) -> None:
    with at(DAY):
        replied = answered(nord)
        with nord.inside():
            answering.reply(replied, text="Danke, und wann?", via=Via.PAGE)
        nord.client().post("/kontakt/", form(email="", phone="0341 123456"))
        with nord.inside():
            contact.set_state(ContactRequest.objects.latest("pk"), "answered", actor=ACTOR)
    with later(6), nord.inside():
        assert helped.ask_due() == 0
    with at(DAY):
        answered(nord, message="Etwas ganz anderes, bitte.")
    with later(40), nord.inside():
        assert helped.ask_due() == 0
