"""Others than the team and the resident: their words stand under their own address."""

import json
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import schema_context

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations import holding
from directory.conversations.models import Conversation, ConversationEntry, HeldMail
from directory.desk import crossing, subject_data
from directory.ideas import services
from directory.ideas.models import Idea
from tenants.transfer.services import import_district
from tests.cast import ACTOR, District, idea_form
from tests.conversations.mailing import AUTHSERV, address_of, receive, written
from tests.conversations.reading import reader
from tests.conversations.test_conversations import coordinator, sent
from tests.transfer.files import export
from wiq.inbound.mailboxes import Outcome
from wiq.mail.models import Message
from wiq.subjects import erase_all
from wiq.tenancy import PUBLIC

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
    page = nord.client().get(f"/kontakt/{joined.token}/").content.decode()
    assert "Wir antworten Ihnen auf alles zusammen." in page
    assert "Ihre Anfrage ist erledigt." not in page
    desk, url = nord.signed_in("coordinator"), f"/koordination/posteingang/{kept.reference}/"
    assert "Ich bin der Nachbar." in desk.get(url).content.decode()
    assert kept.reference in found(nord, "nachbar")
    assert desk.post(url, {"was": "einlassen", "mail": mail.pk}).status_code == 302
    with nord.inside():
        entry = ConversationEntry.objects.get(text="Ich bin der Nachbar.")
        assert entry.conversation.reference == kept.reference


OFFICE = "ordnungsamt@stadt-leipzig.example"


def ask_office(district: District, about: Any) -> Message:
    """Write to an authority as the desk does, and return the mail."""
    url = f"/koordination/posteingang/{about.reference}/weitergeben/"
    posted = {"was": "an-stelle", "an": OFFICE, "text": "Wer mäht den Streifen am Kanal?"}
    assert district.signed_in("coordinator").post(url, posted).status_code == 302
    with district.inside():
        return Message.objects.get(to=OFFICE)


def test_what_an_authority_answers_is_for_the_team_and_never_for_the_resident(
    nord: District, sued: District
) -> None:
    request = sent(nord, email="amtsfrage@beispiel.example")
    with nord.inside():
        answering.answer(request, text="Wir fragen nach.", actor=coordinator(nord))
    asked = ask_office(nord, request)
    assert asked.reply_to == address_of(nord, request)
    with nord.inside():
        to_resident = Message.objects.filter(to=request.email).count()
    mail = written(
        f"Amt <{OFFICE.upper()}>", asked.reply_to, "Wir mähen im Mai.", quoted="Anliegen",
        files={"plan.txt": b"Mai"},
    )  # fmt: skip
    assert [receive(mail), receive(mail)] == [Outcome.JOINED, Outcome.JOINED]
    with nord.inside():
        entry = ConversationEntry.objects.get(via="office")
        assert (entry.kind, entry.made_by, entry.text) == ("note", OFFICE, "Wir mähen im Mai.")
        assert [file.name for file in entry.attachments.all()] == ["plan.txt"]
        assert Message.objects.filter(to=request.email).count() == to_resident
        # Whoever has it is told; a reply to that mail would reach nobody, so it has no address.
        told = Message.objects.get(kind="conversations.authority.answered")
        assert (told.to, told.reply_to) == ("coordinator@nord.example", "")
        assert "Wir mähen im Mai." in told.text
        request.refresh_from_db()
        assert request.state == "taken"
    desk = nord.signed_in("coordinator")
    page = desk.get(f"/koordination/posteingang/{request.reference}/").content.decode()
    assert "Antwort der Behörde" in page
    assert "nur für das Team" in page
    assert "Der Behörde noch einmal schreiben" in page
    again = desk.get(f"/koordination/posteingang/{request.reference}/weitergeben/")
    assert f'value="{OFFICE}"' in again.content.decode()
    assert "Für mich (1)" in desk.get("/koordination/").content.decode()
    path = f"/kontakt/{request.token}/"
    assert "Wir mähen im Mai." not in reader(nord, path).get(path).content.decode()
    assert "Wir mähen im Mai." not in found(sued, "mähen")


@pytest.mark.parametrize(
    ("sender", "proven", "held"),
    [
        (OFFICE, False, "unproven"),
        ("frau.amt@stadt-leipzig.example", True, "stranger"),
        ("ordnungsamt@stadt-leipzig.example.evil.example", True, "stranger"),
    ],
)
def test_who_only_looks_like_the_authority_waits_and_is_taken_by_hand(
    nord: District, sender: str, proven: bool, held: str
) -> None:
    request = sent(nord)
    to = ask_office(nord, request).reply_to
    assert receive(written(sender, to, "Im Mai.", proven=proven)) == Outcome.HELD
    url = f"/koordination/posteingang/{request.reference}/"
    desk = nord.signed_in("coordinator")
    with nord.inside():
        mail = HeldMail.objects.get()
        assert mail.reason == held
    offers = "Als Antwort der Behörde eintragen" in desk.get(url).content.decode()
    assert offers is not sender.endswith("evil.example")
    if offers:
        assert desk.post(url, {"was": "behoerde", "mail": mail.pk}).status_code == 302
        with nord.inside():
            assert ConversationEntry.objects.get(via="office").made_by == sender
            assert not Message.objects.filter(kind="conversations.answer").exists()


def test_an_authority_that_was_asked_about_one_request_joins_no_other(nord: District) -> None:
    asked, other = sent(nord), sent(nord, message="Etwas anderes am Kanal, bitte.")
    ask_office(nord, asked)
    assert receive(written(OFFICE, address_of(nord, other), "Im Mai.")) == Outcome.HELD


def test_what_an_authority_wrote_is_handed_out_and_goes_with_the_request(nord: District) -> None:
    request = sent(nord)
    receive(written(OFFICE, ask_office(nord, request).reply_to, "Im Mai."))
    with nord.inside():
        assert "Im Mai." in json.dumps(subject_data.collect(OFFICE, actor=ACTOR), default=str)
        erase_all(OFFICE, ACTOR)
        assert not ConversationEntry.objects.filter(text__contains=OFFICE).exists()
        assert not ConversationEntry.objects.filter(text__contains="Im Mai.").exists()
    ask_again = written(OFFICE, address_of(nord, request), "Und im Juni.")
    assert receive(ask_again) == Outcome.HELD  # its address is forgotten
    with nord.inside():
        contact.anonymise(ContactRequest.objects.get(), actor=ACTOR)
        assert not ConversationEntry.objects.exclude(text="", written_to="", made_by="").exists()


def test_mails_to_the_former_place_of_a_district_reach_it_in_its_new_one(
    nord: District, tmp_path: Path
) -> None:
    request = sent(nord, email="umzug@beispiel.example")
    old, elsewhere = address_of(nord, request), District("nord-umgezogen")
    (tmp_path / "nord.zip").write_bytes(export(nord, personal_data=True))
    import_district(tmp_path / "nord.zip", slug=elsewhere.slug)
    with elsewhere.inside():
        new = address_of(elsewhere, ContactRequest.objects.get())
    assert new != old
    # As long as there are both, each has its own.
    receive(written(request.email, old, "An das alte."))
    receive(written(request.email, new, "An das neue."))
    assert texts(nord) == [request.message, "An das alte."]
    assert texts(elsewhere) == [request.message, "An das neue."]
    with schema_context(PUBLIC):
        number = nord.row.pk
        # As if the first were removed: its number is nobody's any more.
        assert type(nord.row).objects.get(slug=elsewhere.slug).reply_numbers == [number]
    with nord.inside():
        Conversation.objects.all().delete()
    assert receive(written(request.email, old, "Noch einmal an das alte.")) == Outcome.JOINED
    assert texts(elsewhere)[-1] == "Noch einmal an das alte."
    assert receive(written("fremd@anderswo.example", old, "Hallo.")) == Outcome.HELD


def texts(district: District) -> list[str]:
    with district.inside():
        said = ConversationEntry.objects.filter(kind="message").order_by("at", "pk")
        return list(said.values_list("text", flat=True))


def test_mails_about_a_request_that_became_an_idea_reach_the_idea(nord: District) -> None:
    request = sent(nord, email="wird-idee@beispiel.example")
    old = address_of(nord, request)
    office = ask_office(nord, request)
    with nord.inside():
        idea = crossing.crossed(request, actor=coordinator(nord))
        assert isinstance(idea, Idea)
    assert receive(written(request.email, old, "Noch ein Gedanke.")) == Outcome.JOINED
    assert receive(written(OFFICE, office.reply_to, "Das geht.")) == Outcome.JOINED
    with nord.inside():
        about = Conversation.objects.about(idea).get()
        assert {"Noch ein Gedanke.", "Das geht."} <= set(
            about.entries.values_list("text", flat=True)
        )
        request.refresh_from_db()
        assert request.state == "closed"
    desk = nord.signed_in("coordinator")
    for here, there in ((request, idea), (idea, request)):
        page = desk.get(f"/koordination/posteingang/{here.reference}/").content.decode()
        assert f'href="/koordination/posteingang/{there.reference}/"' in page
    path = f"/kontakt/{request.token}/"
    page = reader(nord, path).get(path).content.decode()
    assert "Aus Ihrer Anfrage ist eine Idee geworden" in page
    assert idea.token in page
    # Whoever has the link alone learns that it goes on, and not where.
    by_link = nord.client().get(path).content.decode()
    assert "Aus Ihrer Anfrage ist eine Idee geworden. Dort geht es weiter." in by_link
    assert "Ihre Anfrage ist erledigt." not in by_link
    assert "<strong>Beantwortet" not in by_link
    assert idea.token not in by_link
