"""Who brought an idea is asked once whether an answer helped; a button answers."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from directory.contact import helped as contact_helped
from directory.conversations.models import Conversation
from directory.ideas import answering, helped, services
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, idea_form
from tests.days import at
from wiq.accounts.models import User
from wiq.mail.models import Message

pytestmark = pytest.mark.usefixtures("no_budget")
DAY = date(2026, 5, 4)


def later(days: int) -> Any:
    return at(DAY + timedelta(days=days))


def answered(district: District, title: str = "Eine Bank am Kanal") -> Idea:
    sent = idea_form(title=title, email="idee-geholfen@beispiel.example")
    district.client().post("/idee/", sent)
    with district.inside():
        idea = Idea.objects.latest("pk")
        kim = User.objects.get(email=f"coordinator@{district.slug}.example")
        answering.answer(idea, text="Wir sehen uns das an.", actor=kim)
        return idea


def asked(district: District) -> str:
    with district.inside():
        assert helped.ask_due() == 1
        assert contact_helped.ask_due() == 0
        mail = Message.objects.get(kind="ideas.helped")
    found = re.search(r":8000(\S+)", mail.text)
    assert found
    # Who answers in the mail program instead is heard as well.
    assert "Dann antworten Sie einfach auf diese E-Mail." in mail.text
    assert mail.reply_to.startswith("anfrage+")
    return found[1]


def test_a_bringer_is_asked_once_and_opening_the_link_says_nothing(
    nord: District, sued: District
) -> None:
    with at(DAY):
        idea = answered(nord)
    with later(4), nord.inside():
        assert helped.ask_due() == 0
    with later(5):
        path = asked(nord)
        for method in ("get", "head", "get"):
            assert getattr(nord.client(), method)(path).status_code == 200
        assert sued.client().get(path).status_code == 404
        with nord.inside():
            assert helped.ask_due() == 0
            assert Conversation.objects.get().helped == ""
        assert "freut uns" in nord.client().post(path, {"was": "ja"}).content.decode()
        assert nord.client().post(path, {"was": "nein"}).status_code == 422
        with nord.inside():
            conversation = Conversation.objects.get()
            idea.refresh_from_db()
            assert (conversation.helped, idea.state) == ("yes", "received")
            # It is no answer that somebody has to answer.
            assert not Conversation.objects.replied().exists()
            assert conversation.entries.filter(kind="note", text__contains="geholfen").exists()


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_no_reaches_the_team_with_its_words(nord: District, is_decided: bool) -> None:
    with at(DAY):
        idea = answered(nord)
        if is_decided:
            with nord.inside():
                services.begin_review(idea, actor=ACTOR)
                services.decide_against(idea, actor=ACTOR, note="Das gibt es schon.")
    if is_decided:
        with later(1), nord.inside():
            answering.answer(idea, text="Hier ist die Adresse.", actor=ACTOR)
    with later(6):
        path = asked(nord)
        posted = {"was": "nein", "antwort": "Die Adresse stimmt nicht."}
        assert "noch einmal" in nord.client().post(path, posted).content.decode()
        with nord.inside():
            told = Message.objects.filter(kind="ideas.team.reply").latest("pk")
            assert "Die Adresse stimmt nicht." in told.text
            entries = Conversation.objects.get().entries.filter(kind="message")
            assert "Die Adresse stimmt nicht." in entries.latest("pk").text


def test_who_was_decided_about_or_asked_back_or_has_written_since_is_not_asked(
    nord: District,
) -> None:
    with at(DAY):
        replied = answered(nord)
        with nord.inside():
            services.reply(replied, "Danke, und wann?")
        declined = answered(nord, "Ein Tisch am Kanal")
        asked_back = answered(nord, "Ein Dach am Kanal")
        with nord.inside():
            for idea in (declined, asked_back):
                services.begin_review(idea, actor=ACTOR)
            services.ask_back(asked_back, actor=ACTOR, note="Wo genau soll das sein?")
    with later(1), nord.inside():
        services.decide_against(declined, actor=ACTOR, note="Das gibt es schon.")
    with later(8), nord.inside():
        assert helped.ask_due() == 0
    with at(DAY):
        answered(nord, "Ein Zaun am Kanal")
    with later(40), nord.inside():
        assert helped.ask_due() == 0
