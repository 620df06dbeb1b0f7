"""Others than the team and the resident: their words stand under their own address."""

from typing import Any

import pytest

from directory.contact import answering
from directory.conversations import holding
from directory.conversations.models import ConversationEntry, HeldMail
from directory.ideas import services
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, idea_form
from tests.conversations.mailing import AUTHSERV, address_of, receive, written
from tests.conversations.reading import reader
from tests.conversations.test_conversations import coordinator, sent
from wiq.inbound.mailboxes import Outcome
from wiq.mail.models import Message

HUSBAND = "ehemann@anderswo.example"


@pytest.fixture(autouse=True)
def our_server_checks(settings: Any) -> None:
    settings.WIQ_INBOUND_AUTHSERV = AUTHSERV


def let_in(district: District, about: Any, text: str) -> ConversationEntry:
    """Let in what a stranger wrote to a request or idea."""
    assert receive(written(HUSBAND, address_of(district, about), text)) == Outcome.HELD
    with district.inside():
        return holding.let_in(mail=HeldMail.objects.get(done_at=None), actor=coordinator(district))


def test_a_stranger_who_is_let_in_is_named_to_the_team_and_to_the_resident(
    nord: District,
) -> None:
    request = sent(nord, email="fremder-dabei@beispiel.example")
    let_in(nord, request, "Meine Frau ist im Krankenhaus.")
    with nord.inside():
        told = Message.objects.get(kind="contact.written")
        assert f"{HUSBAND} hat zu dieser Anfrage geschrieben" in told.text
        assert f"{request.name} hat geantwortet" not in told.text
        # Whoever answers this mail writes to the resident, and reads that.
        assert f"bekommt {request.name} Ihre Antwort, nicht {HUSBAND}" in told.text
    path = f"/kontakt/{request.token}/"
    own = reader(nord, path).get(path).content.decode()
    assert HUSBAND in own
    assert own.count("<strong>\n        Sie") == 1
    page = nord.signed_in("coordinator").get(f"/koordination/posteingang/{request.reference}/")
    assert HUSBAND in page.content.decode()


def test_a_stranger_is_named_with_an_idea_too_and_answers_no_question_of_ours(
    nord: District,
) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea = Idea.objects.get()
        services.begin_review(idea, actor=ACTOR)
        services.ask_back(idea, actor=ACTOR, note="Wo genau soll das sein?")
    let_in(nord, idea, "Ich helfe mit.")
    with nord.inside():
        idea.refresh_from_db()
        assert idea.state == "needs_info"
        assert not idea.steps.filter(note__contains="Ich helfe").exists()
        told = Message.objects.get(kind="ideas.team.written")
        assert f"{HUSBAND} hat zu dieser Idee geschrieben" in told.text
        assert "Ich helfe mit." in told.text
        assert "Ich helfe mit." in told.html


def found(district: District, words: str) -> str:
    desk = district.signed_in("coordinator")
    return desk.get("/koordination/posteingang/", {"q": words}).content.decode()


def test_the_search_finds_what_waits_until_it_is_laid_aside(nord: District, sued: District) -> None:
    request = sent(nord)
    receive(written(HUSBAND, address_of(nord, request), "Der Schlüssel liegt beim Hausmeister."))
    for words in ("hausmeister", HUSBAND):
        page = found(nord, words)
        assert request.reference in page
        assert "Eine E-Mail wartet auf Sie" in page
        assert request.reference not in found(sued, words)
    with nord.inside():
        holding.drop(mail=HeldMail.objects.get(), actor=ACTOR)
    assert request.reference not in found(nord, "hausmeister")
    page = found(nord, request.reference)
    assert "Eine E-Mail wartet auf Sie" not in page


def test_what_waits_for_a_request_that_is_joined_waits_with_the_other(nord: District) -> None:
    kept, joined = sent(nord), sent(nord, message="Noch etwas zur Bank am Kanal, bitte.")
    receive(written(HUSBAND, address_of(nord, joined), "Ich bin der Nachbar."))
    with nord.inside():
        answering.join(kept=kept, joined=joined, actor=ACTOR)
        mail = HeldMail.objects.get()
    desk, url = nord.signed_in("coordinator"), f"/koordination/posteingang/{kept.reference}/"
    assert "Ich bin der Nachbar." in desk.get(url).content.decode()
    assert kept.reference in found(nord, "nachbar")
    assert desk.post(url, {"was": "einlassen", "mail": mail.pk}).status_code == 302
    with nord.inside():
        entry = ConversationEntry.objects.get(text="Ich bin der Nachbar.")
        assert entry.conversation.reference == kept.reference
