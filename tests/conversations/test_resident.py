"""The resident's side: by the link states and dates, after a code what was written."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations import readers, resident
from directory.conversations import services as conversations
from directory.conversations.models import Conversation, ConversationEntry, Via
from directory.desk.crossing import crossed
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, form, idea_form
from tests.conversations.reading import ask, reader
from wiq.accounts.models import User
from wiq.mail import resending
from wiq.mail.models import Message

pytestmark = pytest.mark.usefixtures("no_budget")
HER_WORDS, ANSWER = "Wer schneidet die Hecke am Eingang?", "Das macht unser Lösungsteam."
MORE = "Es geht um die linke Seite."
NOTE = "Ruft immer wieder an."


def sent(district: District, kind: str = "request", **changes: Any) -> str:
    """Send something to the team; it answers and notes. Return the path of the status page."""
    if kind == "request":
        typed = form(message=HER_WORDS, **changes)
    else:
        typed = idea_form(description=HER_WORDS, **changes)
    where = "/kontakt/" if kind == "request" else "/idee/"
    response = district.client().post(where, typed)
    assert response.status_code == 303, response.content.decode()
    with district.inside():
        row = latest(kind)
        if row.email:
            conversations.note(submission=row, text=NOTE, actor=ACTOR)
            sort_of(kind).answer(row, text=ANSWER, actor=ACTOR)
    return str(response.headers["Location"]).removesuffix("?neu=1")


def latest(kind: str) -> Any:
    return (ContactRequest if kind == "request" else Idea).objects.latest("pk")


def sort_of(kind: str) -> Any:
    from directory.conversations.writing import sorts_in_order

    return next(sort for sort in sorts_in_order() if sort.name == kind)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return response.content.decode()


def mails(district: District, kind: str) -> list[Message]:
    with district.inside():
        return list(Message.objects.filter(kind=kind).order_by("pk"))


@pytest.mark.parametrize("kind", ["request", "idea"])
def test_by_the_link_alone_stand_states_and_dates_and_after_the_code_what_was_written(
    nord: District, sued: District, kind: str
) -> None:
    path = sent(nord, kind)
    closed = page(nord.client(), path)
    for words in (HER_WORDS, ANSWER, "Eine Bank am Kanal", "Erika", 'name="antwort"'):
        assert words not in closed
    assert "e•••@b•••.example" in closed
    client = nord.client()
    asked, code = ask(nord, path, client)
    assert "Die sechs Ziffern" in asked.content.decode()
    assert not asked.cookies
    done = client.post(path, {"was": "ziffern", "code": code})
    cookie = done.cookies["reader"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == readers.SECONDS
    opened = page(client, path)
    for words in (HER_WORDS, ANSWER, 'name="antwort"'):
        assert words in opened
    # What the team says among itself, and who of it wrote, stays inside.
    assert NOTE not in opened
    assert ACTOR not in opened
    # The cookie opens nothing else, and nothing in another district.
    other = sent(nord, kind, name="Otto Anders")
    assert HER_WORDS not in page(client, other)
    stranger = sued.client()
    stranger.cookies["reader"] = cookie.value
    assert stranger.get(path).status_code == 404
    assert HER_WORDS not in page(stranger, sent(sued, kind))
    # In English, the page asks and opens as well.
    english = page(client, f"/en{path}")
    assert HER_WORDS in english
    assert "The team" in english


@pytest.mark.parametrize("kind", ["request", "idea"])
def test_what_is_added_stands_in_the_conversation_and_is_the_teams_turn_and_told_once(
    nord: District, kind: str
) -> None:
    path = sent(nord, kind)
    client = reader(nord, path)
    with nord.inside():
        coordinator = User.objects.get(email="coordinator@nord.example")
        sort_of(kind).assign(latest(kind), to=coordinator, actor=ACTOR)
    told = "contact.added" if kind == "request" else "ideas.team.reply"
    for _press in range(2):
        answer = client.post(path, {"was": "antworten", "antwort": MORE})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?geantwortet=1")
    assert "Danke, Ihr Text ist beim Team." in page(client, f"{path}?geantwortet=1")
    with nord.inside():
        conversation = Conversation.objects.get()
        assert (conversation.turn, conversation.state) == (
            "ours", "taken" if kind == "request" else "received",
        )  # fmt: skip
        added = ConversationEntry.objects.get(text=MORE)
        assert (added.kind, added.via, added.made_by) == ("message", "page", "resident")
    # Whoever has it is told, alone and once.
    assert [mail.to for mail in mails(nord, told)] == ["coordinator@nord.example"]
    assert MORE in mails(nord, told)[0].text


def test_what_nobody_has_taken_goes_to_the_mailbox_of_the_request(nord: District) -> None:
    path = sent(nord)
    reader(nord, path).post(path, {"antwort": MORE})
    assert [mail.to for mail in mails(nord, "contact.added")] == ["ut@nord.example"]
    with nord.inside():
        assert latest("request").state == "new"


def test_what_is_typed_while_the_code_ends_comes_back_and_is_sent_with_the_next(
    nord: District,
) -> None:
    path = sent(nord)
    client = reader(nord, path)
    with time_machine.travel(timezone.now() + timedelta(seconds=readers.SECONDS + 5)):
        late = client.post(path, {"was": "antworten", "antwort": MORE})
        assert late.status_code == 422
        text = late.content.decode()
        assert f">{MORE}</textarea>" in text
        assert HER_WORDS not in text
        asked, code = ask(nord, path, client, antwort=MORE)
        assert f">{MORE}</textarea>" in asked.content.decode()
        wrong = client.post(path, {"was": "ziffern", "code": "0", "antwort": MORE})
        assert wrong.status_code == 422
        assert f">{MORE}</textarea>" in wrong.content.decode()
        with nord.inside():
            assert not ConversationEntry.objects.filter(text=MORE).exists()
        done = client.post(path, {"was": "ziffern", "code": code, "antwort": MORE})
        assert done.headers["Location"] == f"{path}?geantwortet=1"
        assert MORE in page(client, path)


def test_a_code_is_short_lived_tried_rarely_and_asked_for_rarely(nord: District) -> None:
    path, client = sent(nord), nord.client()
    _page, code = ask(nord, path, client)
    again = client.post(path, {"was": "code"})
    assert again.status_code == 422
    assert "nach einer Minute" in again.content.decode()
    for _try in range(5):
        assert client.post(path, {"was": "ziffern", "code": "12"}).status_code == 422
    # Five wrong ones: the right one no longer holds.
    assert client.post(path, {"was": "ziffern", "code": code}).status_code == 422
    client = nord.client(**{"x-forwarded-for": "192.0.2.77"})
    _page, second = ask(nord, path, client)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        old = client.post(path, {"was": "ziffern", "code": second})
        assert (old.status_code, bool(old.cookies)) == (422, False)
    for _number in range(3):
        assert ask(nord, path, client)[1]
    assert not ask(nord, path, client)[1]


def test_a_code_is_for_one_page_and_acts_once(nord: District) -> None:
    path, other = sent(nord), sent(nord, name="Otto Anders")
    client = nord.client()
    _page, code = ask(nord, path, client)
    assert client.post(other, {"was": "ziffern", "code": code}).status_code == 422
    assert client.post(path, {"was": "ziffern", "code": code}).status_code == 303
    assert nord.client().post(path, {"was": "ziffern", "code": code}).status_code == 422


def test_a_corrected_address_sees_what_follows_until_a_coordinator_confirms_it(
    nord: District,
) -> None:
    path = sent(nord, email="erkia@beispiel.example")
    typo = reader(nord, path)
    with nord.inside():
        first = Message.objects.filter(to="erkia@beispiel.example").earliest("pk")
        resending.correct_address(first, "erika.neu@beispiel.example", actor=ACTOR)
    # Who read at the mistyped address reads no more.
    assert HER_WORDS not in page(typo, path)
    client = reader(nord, path)
    with nord.inside():
        answering.answer(latest("request"), text="Das ist die zweite Antwort.", actor=ACTOR)
    limited = page(client, path)
    assert "Das ist die zweite Antwort." in limited
    assert HER_WORDS not in limited
    assert ANSWER not in limited
    assert "Ihre E-Mail-Adresse wurde berichtigt." in limited
    desk = nord.signed_in("coordinator")
    with nord.inside():
        letter = f"/koordination/posteingang/{latest('request').reference}/"
    assert "Adresse bestätigen" in desk.get(letter).content.decode()
    assert desk.post(letter, {"was": "adresse"}).status_code == 302
    assert "Adresse bestätigen" not in desk.get(letter).content.decode()
    whole = page(client, path)
    assert HER_WORDS in whole
    assert ANSWER in whole


def test_what_goes_on_as_an_idea_is_as_careful_with_a_corrected_address(nord: District) -> None:
    sent(nord)
    with nord.inside():
        request = latest("request")
        resident.address_corrected(request)
        answering.reply(request, text=MORE, via=Via.PAGE)
        idea = crossed(request, actor=ACTOR)
        path = f"/idee/{idea.token}/"
    text = page(reader(nord, path), path)
    assert HER_WORDS not in text
    assert "Ihre E-Mail-Adresse wurde berichtigt." in text


def test_what_the_same_number_joins_opens_nobodys_words_to_another_address(
    nord: District,
) -> None:
    kept = sent(nord, phone="0341 5550101")
    joined = sent(nord, phone="0341 5550101", email="andere@beispiel.example")
    with nord.inside():
        second, first = ContactRequest.objects.order_by("-pk")[:2]
        answering.join(kept=first, joined=second, actor=ACTOR)
    assert HER_WORDS not in page(reader(nord, kept), kept)
    client = reader(nord, joined)
    assert HER_WORDS not in page(client, joined)
    # What is added there is read by the team all the same, where the two stand together.
    client.post(joined, {"antwort": MORE})
    with nord.inside():
        added = ConversationEntry.objects.get(text=MORE)
        assert added.conversation.reference == first.reference


def test_who_gave_a_number_only_reads_what_to_do_and_can_close_and_open(nord: District) -> None:
    path = sent(nord, email="", phone="0341 5550199")
    text = page(nord.client(), path)
    assert "Das Team ruft Sie an." in text
    assert 'value="code"' not in text
    refused = nord.client().post(path, {"was": "code"})
    assert refused.status_code == 422
    nord.client().post(path, {"was": "erledigt"})
    with nord.inside():
        assert latest("request").state == "closed"
    assert "Anfrage wieder öffnen" in page(nord.client(), path)
    nord.client().post(path, {"was": "doch-nicht"})
    with nord.inside():
        assert latest("request").state == "new"


@pytest.mark.parametrize("kind", ["request", "idea"])
def test_it_is_settled_by_a_button_told_once_and_undone_by_writing(
    nord: District, kind: str
) -> None:
    path = sent(nord, kind)
    with nord.inside():
        resident.add(latest(kind), MORE)  # it waits for the team
    word = "erledigt" if kind == "request" else "zurueckziehen"
    told = "contact.settled" if kind == "request" else "ideas.team.withdrawn"
    assert "geschickt" not in nord.client().get(f"{path}?erledigt=1").content.decode()
    for _press in range(2):
        assert nord.client().post(path, {"was": word}).status_code == 303
    with nord.inside():
        assert latest(kind).state == sort_of(kind).settled
        assert Conversation.objects.get().turn == "done"
    assert len(mails(nord, told)) == 1
    client = reader(nord, path)
    assert client.post(path, {"antwort": "Es geht doch weiter."}).status_code == 303
    with nord.inside():
        row = latest(kind)
        assert row.state == sort_of(kind).reopens
        assert row.done_at is None
        assert Conversation.objects.get().turn == "ours"


def test_what_the_team_has_closed_is_opened_by_words_and_by_no_button(nord: District) -> None:
    path = sent(nord)
    with nord.inside():
        contact.set_state(latest("request"), "closed", actor=ACTOR)
    assert nord.client().post(path, {"was": "doch-nicht"}).status_code == 422
    reader(nord, path).post(path, {"antwort": MORE})
    with nord.inside():
        assert latest("request").state == "new"


def test_what_is_erased_has_neither_words_nor_codes(nord: District) -> None:
    path = sent(nord)
    client = reader(nord, path)
    with nord.inside():
        contact.anonymise(latest("request"), actor=ACTOR)
        assert not Conversation.objects.get().resident_codes.exists()
    text = page(client, path)
    assert HER_WORDS not in text
    assert "Wir haben Ihre Angaben gelöscht." in text
    assert 'name="was"' not in text
    assert client.post(path, {"antwort": MORE}).status_code == 422
