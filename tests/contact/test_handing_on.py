"""A request reaches whoever can help: another team, another district after a yes, an authority."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from directory.contact import answering, forwarding, referring
from directory.contact import services as contact
from directory.contact.models import ContactRequest, Referral
from directory.conversations import addresses, authorities
from directory.conversations import services as conversations
from directory.conversations.models import Conversation
from tests.audited import said
from tests.cast import ACTOR, District, body, form, put
from tests.contact.codes import ask, press
from wiq.accounts.models import User
from wiq.mail.models import Message

pytestmark = pytest.mark.usefixtures("no_budget")


def sent(district: District, **changes: Any) -> ContactRequest:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        return ContactRequest.objects.latest("pk")


def letter(request: ContactRequest) -> str:
    return f"/koordination/posteingang/{request.reference}/"


def link_in(district: District, kind: str) -> str:
    with district.inside():
        mail = Message.objects.get(kind=kind)
    found = re.search(rf"http://{district.host}:8000(/\S+)", mail.text)
    assert found
    return found[1]


def test_another_team_gets_the_request_with_the_note_and_can_take_it(nord: District) -> None:
    request = sent(nord)
    desk = nord.signed_in("coordinator")
    desk.post(letter(request), {"was": "nehmen"})
    team = nord.solution_team()
    with nord.inside():
        type(team).objects.filter(pk=team.pk).update(contact_email="baeume@nord.example")
    page = desk.get(f"{letter(request)}weitergeben/").content.decode()
    assert f'value="loesungsteam-{team.pk}"' in page
    posted = {"was": "an-team", "ziel": f"loesungsteam-{team.pk}", "text": "Das ist für euch."}
    assert desk.post(f"{letter(request)}weitergeben/", posted).status_code == 302
    with nord.inside():
        request.refresh_from_db()
        assert (request.solution_team, request.team, request.state) == (team, None, "new")
        assert Conversation.objects.about(request).get().assignee is None
        mail = Message.objects.get(to="baeume@nord.example")
        assert "Das ist für euch." in mail.text
        assert "Das ist für euch." in mail.html
        assert said("contactrequest.forwarded")
        path = re.findall(r"http://nord.localhost:8000(/\S+)", mail.text)[0]
    assert "übernommen" in press(nord, path).content.decode()
    assert "Sabine" in desk.get(letter(request)).content.decode()
    assert desk.post(f"{letter(request)}weitergeben/", posted).status_code == 422


def test_what_is_done_and_what_is_hidden_goes_to_no_team(nord: District) -> None:
    request, team = sent(nord), nord.solution_team()
    with nord.inside():
        hidden = type(team).objects.exclude(pk__in=type(team).objects.published()).first()
        for to in filter(None, (hidden, nord.team())):
            with pytest.raises(ValidationError):
                forwarding.forward(request, to=to, text="", actor=ACTOR)
        contact.set_state(request, "closed", actor=ACTOR)
        with pytest.raises(ValidationError, match="offen"):
            forwarding.forward(request, to=team, text="", actor=ACTOR)
        assert not Message.objects.filter(kind="contact.team", to__contains="baeume").exists()


def test_a_request_goes_to_another_district_only_after_a_yes(
    nord: District, sued: District
) -> None:
    request = sent(nord)
    desk = nord.signed_in("coordinator")
    url = f"{letter(request)}weitergeben/"
    posted = {"was": "an-quartier", "quartier": str(sued.row.pk), "text": "Liegt bei euch."}
    assert desk.post(url, posted).status_code == 302
    assert desk.post(url, posted).status_code == 422  # asked once
    path = link_in(nord, "contact.referral")
    for _opened in range(2):
        page = nord.client().get(path).content.decode()
        assert "Ja, bitte weitergeben" in page
        assert "Erika" not in page
    with sued.inside():
        assert not ContactRequest.objects.exists()
    page = nord.client().post(path, {"was": "ja"}).content.decode()
    assert "Südviertel" in page
    own = nord.client().get(f"/kontakt/{request.token}/").content.decode()
    assert "jetzt beim Quartier „Südviertel“" in own
    assert "Ihre Anfrage ist erledigt." not in own
    assert nord.client().post(path, {"was": "ja"}).status_code == 422
    with sued.inside():
        there = ContactRequest.objects.get()
        assert (there.name, there.message, there.origin) == (
            request.name, request.message, "district",
        )  # fmt: skip
        texts = list(Conversation.objects.get().entries.values_list("kind", "text"))
        assert any(
            kind == "note" and "Liegt bei euch." in text and request.reference in text
            for kind, text in texts
        )
        assert Message.objects.filter(kind="contact.team").exists()
        assert Message.objects.filter(kind="contact.confirmation", to=request.email).exists()
    with nord.inside():
        request.refresh_from_db()
        assert (request.state, Referral.objects.get().carried_as) == ("closed", there.reference)
        assert referring.carry_agreed() == 0
    assert there.reference in desk.get(letter(request)).content.decode()


def test_whoever_is_asked_reads_all_that_would_go(nord: District, sued: District) -> None:
    request = sent(nord, phone="0341 123456")
    with nord.inside():
        referring.ask(request, to=sued.row, text="Braucht Hilfe beim Antrag.", actor=ACTOR)
        mail = Message.objects.get(kind="contact.referral")
    page = nord.client().get(link_in(nord, "contact.referral")).content.decode()
    for told in (mail.text, page):
        for words in ("Ihr Name", "Ihre E-Mail-Adresse", "Ihre Telefonnummer", "eine Notiz"):
            assert words in told
        assert "Antrag" not in told


def test_whoever_is_asked_reads_of_nothing_that_would_not_go(
    nord: District, sued: District
) -> None:
    request = sent(nord, phone="")
    with nord.inside():
        referring.ask(request, to=sued.row, text=" ", actor=ACTOR)
    page = nord.client().get(link_in(nord, "contact.referral")).content.decode()
    assert "Telefonnummer" not in page.split("<form")[0]
    assert "eine Notiz" not in page


def test_after_a_no_it_stays_where_it_is(nord: District, sued: District) -> None:
    request = sent(nord)
    with nord.inside():
        referring.ask(request, to=sued.row, text="", actor=ACTOR)
    path = link_in(nord, "contact.referral")
    assert "bleibt bei uns" in nord.client().post(path, {"was": "nein"}).content.decode()
    assert nord.client().post(path, {"was": "ja"}).status_code == 422
    with nord.inside():
        request.refresh_from_db()
        assert request.state == "new"
        assert "möchte nicht" in Conversation.objects.get().entries.latest("pk").text
    with sued.inside():
        assert not ContactRequest.objects.exists()


def test_a_yes_that_something_kept_from_going_is_made_up_for_in_the_night(
    nord: District, sued: District
) -> None:
    request = sent(nord)
    with nord.inside():
        referral = referring.ask(request, to=sued.row, text="", actor=ACTOR)
        referring.agree(referral)
        assert referring.carry_agreed() == 1
        Referral.objects.update(state="agreed")  # as if it was killed before it was noted here
        assert referring.carry_agreed() == 1
    with sued.inside():
        assert ContactRequest.objects.count() == 1


def test_no_stranger_takes_the_place_of_a_request_that_is_handed_on(
    nord: District, sued: District
) -> None:
    request = sent(nord, message="Bitte eine Bank am Kanal.")
    with nord.inside():
        referral = referring.ask(request, to=sued.row, text="", actor=ACTOR)
        schema = nord.row.schema_name
    # Schemas stand in the addresses of pictures, and rows are counted.
    for key in (f"referral:{schema}:{referral.pk}", f"{schema}:{referral.pk}", str(referral.pk)):
        answer = sued.client().post(
            "/api/v1/contact-requests/", body(message=f"Von einem Fremden: {key}"),
            content_type="application/json", headers={"idempotency-key": key},
        )  # fmt: skip
        assert answer.status_code == 201
    with nord.inside():
        carried = referring.carry(referring.agree(referral))
    with sued.inside():
        there = ContactRequest.objects.get(reference=carried.carried_as)
        assert there.message == "Bitte eine Bank am Kanal."


def test_a_district_that_is_gone_gets_nothing_and_a_phone_number_is_not_asked(
    nord: District, sued: District
) -> None:
    request, phoned = sent(nord), sent(nord, email="", phone="0341 123456")
    with nord.inside():
        referral = referring.ask(request, to=sued.row, text="", actor=ACTOR)
        with pytest.raises(ValidationError, match="rufen Sie an"):
            referring.ask(phoned, to=sued.row, text="", actor=ACTOR)
    put(sued.row, "hidden")
    with nord.inside():
        assert [district.slug for district in referring.other_districts()] == []
        referring.carry(referring.agree(referral))
        request.refresh_from_db()
        assert request.state == "new"
    with sued.inside():
        assert not ContactRequest.objects.exists()


def test_a_forgotten_request_takes_what_was_asked_with_it(nord: District, sued: District) -> None:
    request = sent(nord)
    with nord.inside():
        referring.ask(request, to=sued.row, text="Frau Beispiel wohnt dort.", actor=ACTOR)
    path = link_in(nord, "contact.referral")
    with nord.inside():
        contact.anonymise(request, actor=ACTOR)
        assert not Referral.objects.exists()
    assert nord.client().get(path).status_code == 404


def test_an_authority_gets_the_typed_text_and_nothing_of_hers(nord: District) -> None:
    request = sent(nord)
    desk = nord.signed_in("coordinator")
    url = f"{letter(request)}weitergeben/"
    for wrong in ({"an": "amt"}, {"an": ""}, {"an": "amt@leipzig.example", "text": "zu"}):
        posted = {"was": "an-stelle", "text": "Am Kanal fehlt eine Bank.", **wrong}
        assert desk.post(url, posted).status_code == 422
    posted = {"was": "an-stelle", "an": "amt@leipzig.example", "text": "Am Kanal fehlt eine Bank."}
    # Twice, as a button is easily pressed: it is one mail.
    assert [desk.post(url, posted).status_code for _time in range(2)] == [302, 302]
    with nord.inside():
        mail = Message.objects.get(to="amt@leipzig.example")
        # Whoever writes greets as they like.
        above, _mark, below = mail.text.partition("über diese Zeile ----")
        assert "Guten Tag" not in above
        assert below.strip().startswith("Am Kanal fehlt eine Bank.")
        assert request.reference in mail.subject
        assert mail.reply_to == addresses.reply_address(Conversation.objects.get())
        for hers in ("Erika", request.email, "/kontakt/"):
            assert hers not in mail.text + mail.html
        entry = Conversation.objects.get().entries.latest("pk")
        assert (entry.kind, entry.via, entry.mail_uuid) == ("note", "mail", mail.uuid)
        contact.anonymise(request, actor=ACTOR)
        with pytest.raises(ValidationError):
            authorities.write_to(
                submission=request, to="amt@leipzig.example", text="Noch etwas dazu.", actor=ACTOR
            )


def test_who_gets_something_from_a_colleague_is_mailed_with_the_note(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = User.objects.get(email="coordinator@nord.example")
        lou = User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
        answering.assign(request, to=kim, actor=kim)
        assert not Message.objects.filter(kind="conversations.handed").exists()
        answering.assign(request, to=lou, actor=kim, text="Kannst du das?")
        mail = Message.objects.get(kind="conversations.handed")
        assert mail.to == "lou@nord.example"
        assert "Kannst du das?" in mail.text
        assert letter(request) in mail.text
        assert "Bank am Kanal" not in mail.text
        answering.assign(request, to=lou, actor=kim)
        assert Message.objects.filter(kind="conversations.handed").count() == 1


def test_a_mails_link_says_which_person_took_it(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        User.objects.create(email="lou@nord.example", role="coordinator", name="Lou Nord")
        mail = Message.objects.get(kind="contact.team")
        path = re.findall(r"http://nord.localhost:8000(/kontakt/bearbeiten/\S+)", mail.text)[0]
    code = ask(nord, path)
    refused = nord.client().post(path, {"code": code, "name": ""})
    assert refused.status_code == 422
    assert "Namen" in refused.content.decode()
    nord.client().post(path, {"code": code, "name": " lou  nord "})
    with nord.inside():
        request.refresh_from_db()
        assert (request.state, request.taken_by) == ("taken", "lou@nord.example")
    page = nord.signed_in("coordinator").get(letter(request)).content.decode()
    assert "Lou Nord kümmert sich darum." in page


def test_only_the_coordination_hands_on(nord: District, sued: District) -> None:
    request = sent(nord)
    url = f"{letter(request)}weitergeben/"
    for client in (nord.client(), nord.signed_in("editor"), sued.signed_in("coordinator")):
        assert client.get(url).status_code in (302, 403, 404)
        posted = {"was": "an-stelle", "an": "amt@leipzig.example", "text": "Am Kanal fehlt eine."}
        assert client.post(url, posted).status_code in (302, 403, 404)
    with nord.inside():
        assert not Message.objects.filter(to="amt@leipzig.example").exists()
        assert conversations.held(request).assignee is None
