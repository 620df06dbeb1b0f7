"""A request is read and answered on one page, by whoever of the coordination opens it."""

import re
from typing import Any

import pytest

from directory.contact import answering
from directory.contact.models import ContactRequest
from directory.conversations import holding, services, writing
from directory.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    HeldMail,
    HeldReason,
)
from directory.ideas.models import Idea
from directory.pages import services as pages
from directory.pages.models import TextKind
from tests.audited import said
from tests.cast import ACTOR, District, form, idea_form
from wiq.accounts.models import User
from wiq.inbound.attachments import Attached
from wiq.mail.models import Message


def written(district: District, **changes: Any) -> str:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        reference = ContactRequest.objects.latest("pk").reference
    return f"/koordination/posteingang/{reference}/"


def test_a_letter_shows_her_words_and_keeps_the_strict_policy(nord: District) -> None:
    url = written(nord, message="<script>alert(1)</script> Eine Bank, bitte.")
    response = nord.signed_in("coordinator").get(url)
    page = response.content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "Erika Beispiel" in page
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy
    assert "no-store" in response.headers["Cache-Control"]


def test_who_opens_a_letter_is_noted_once_a_day(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            desk.get(url)
    with nord.inside():
        assert said("contactrequest.read") == [("contactrequest.read", "coordinator@nord.example")]


def test_an_answer_goes_out_and_the_next_who_opens_the_letter_reads_it(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    assert desk.post(url, {"was": "antworten", "text": "Gern, am Freitag."}).status_code == 302
    page = desk.get(url).content.decode()
    assert "Gern, am Freitag." in page
    assert "E-Mail ist unterwegs" in page
    with nord.inside():
        assert Message.objects.filter(kind="conversations.answer").count() == 1
        assert ContactRequest.objects.get().state == "answered"


def test_what_was_typed_stays_where_an_answer_is_refused(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    response = desk.post(url, {"was": "antworten", "text": "x" * 5001})
    assert response.status_code == 422
    assert "x" * 5001 in response.content.decode()
    assert desk.post(url, {"was": "gibt-es-nicht"}).status_code == 404


def test_a_template_is_filled_in_with_what_is_known(nord: District) -> None:
    url = written(nord)
    with nord.inside():
        pages.create_text(
            actor=ACTOR, kind=TextKind.MAIL, slug="danke", title="Danke",
            body="Guten Tag {name}, zu {nummer} in {quartier}: {unbekannt}. {ich}",
        )  # fmt: skip
        reference = ContactRequest.objects.get().reference
    page = nord.signed_in("coordinator").get(f"{url}?vorlage=danke").content.decode()
    expected = f"Guten Tag Erika Beispiel, zu {reference} in Nordviertel: {{unbekannt}}."
    assert expected in page
    assert '<button type="submit" class="chip" name="vorlage" value="danke">' in page
    # Without scripts, too, what was typed before is still there.
    desk = nord.signed_in("coordinator")
    typed = {"vorlage": "danke", "text": "Schon getippt."}
    page = desk.post(url, typed, follow=True).content.decode()
    assert re.search(rf"Schon getippt\.\s+{re.escape(expected)}", page)
    assert desk.post(url, {"vorlage": "\n//x", "text": ""}, follow=True).status_code == 200


def test_a_draft_is_kept_while_typing_and_a_colleague_sees_that_somebody_writes(
    nord: District,
) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    assert desk.post(f"{url}entwurf/", {"text": "Liebe Er"}).content.strip() == b""
    assert "Liebe Er" in desk.get(url).content.decode()
    assert "schreibt hier gerade" not in desk.get(url).content.decode()
    with nord.inside():
        lou = User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
        conversation = Conversation.objects.get()
        services.keep_draft(conversation=conversation, text="Geheim", actor=lou)
    page = desk.get(url).content.decode()
    assert "Lou schreibt hier gerade" in page
    assert "Geheim" not in page
    kept = desk.post(f"{url}entwurf/", {"text": ""})
    assert "Lou schreibt hier gerade" in kept.content.decode()
    assert "Geheim" not in kept.content.decode()
    with nord.inside():
        assert Draft.objects.get().account == lou.pk


def test_two_who_answer_at_once_are_told_before_the_second_answer_goes_out(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    seen = re.findall(r'name="gelesen" value="(\d+)"', desk.get(url).content.decode())[0]
    with nord.inside():
        lou = User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
        answering.answer(ContactRequest.objects.get(), text="Ja, am Montag.", actor=lou)
    typed = {"was": "antworten", "text": "Nein, am Freitag.", "gelesen": seen}
    kept = desk.post(f"{url}entwurf/", typed).content.decode()
    assert "Lou hat inzwischen geantwortet" in kept
    refused = desk.post(url, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Nein, am Freitag." in page
    assert "Ja, am Montag." in page
    with nord.inside():
        assert Message.objects.filter(kind="conversations.answer").count() == 1
    again = re.findall(r'name="gelesen" value="(\d+)"', page)[0]
    assert desk.post(url, typed | {"gelesen": again}).status_code == 302


def test_take_hand_on_and_hand_back_stand_on_the_page(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    with nord.inside():
        lou = User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
    desk.post(url, {"was": "nehmen"})
    assert "Sie kümmern sich darum." in desk.get(url).content.decode()
    desk.post(url, {"was": "geben", "wer": str(lou.pk), "text": "Kannst du das?"})
    page = desk.get(url).content.decode()
    assert "Lou kümmert sich darum." in page
    assert "Kannst du das?" in page
    desk.post(url, {"was": "zurueck"})
    assert "Ich kümmere mich" in desk.get(url).content.decode()
    assert desk.post(url, {"was": "geben", "wer": "99999"}).status_code == 422


def test_a_request_becomes_an_idea_and_an_idea_a_request(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    desk.post(url, {"was": "nehmen"})
    there = desk.post(url, {"was": "wechseln"}).headers["Location"]
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
        assert there == f"/koordination/posteingang/{idea.reference}/"
        assert (request.state, idea.description) == ("closed", request.message)
        assert writing.conversation_of(idea).assignee is not None
        assert not Message.objects.filter(kind__startswith="ideas.").exists()
    assert desk.post(url, {"was": "wechseln"}).status_code == 422
    desk.post(there, {"was": "wechseln"})
    with nord.inside():
        assert Idea.objects.get().state == "withdrawn"
        assert ContactRequest.objects.count() == 2


def test_an_idea_is_asked_back_and_decided_where_it_is_read(nord: District) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea = Idea.objects.get()
        url = f"/koordination/posteingang/{idea.reference}/"
        # The mail leads to the letter, not to a table of fields.
        assert url in Message.objects.get(kind="ideas.team.new").text
    desk = nord.signed_in("coordinator")
    assert "Nachfragen oder entscheiden" not in desk.get(url).content.decode()
    desk.post(url, {"was": "stand", "stand": "review"})
    assert "Nachfragen oder entscheiden" in desk.get(url).content.decode()
    without = desk.post(url, {"was": "entscheiden", "stand": "declined", "text": ""})
    assert without.status_code == 422
    posted = {"was": "entscheiden", "stand": "withdrawn", "text": "Das behalten wir hier."}
    refused = desk.post(url, posted)
    assert (refused.status_code, "Das behalten wir hier." in refused.content.decode()) == (
        422,
        True,
    )
    posted = {"was": "entscheiden", "stand": "needs_info", "text": "Wo genau soll das sein?"}
    told = desk.post(url, posted, follow=True).content.decode()
    assert "Ihr Text ist unterwegs." in told
    with nord.inside():
        idea.refresh_from_db()
        assert idea.state == "needs_info"
        mail = Message.objects.filter(to=idea.email).latest("pk")
        assert "Wo genau soll das sein?" in mail.text


def test_two_requests_of_one_address_are_joined_on_the_page(nord: District) -> None:
    second = written(nord, message="Ich wollte noch etwas sagen.")
    first = written(nord)
    desk = nord.signed_in("coordinator")
    assert "Ich wollte noch etwas" in desk.get(first).content.decode()
    desk.post(first, {"was": "verbinden", "andere": second.split("/")[-2]})
    assert "Ich wollte noch etwas sagen." in desk.get(first).content.decode()
    assert desk.get(second).headers["Location"] == first


def test_a_held_mail_is_let_in_or_laid_aside_on_the_page(nord: District) -> None:
    url = written(nord)
    desk = nord.signed_in("coordinator")
    with nord.inside():
        conversation = Conversation.objects.get()
        for number in ("1", "2"):
            holding.hold(
                conversation=conversation, sender="fremd@beispiel.example", text=f"Mail {number}.",
                reason=HeldReason.STRANGER, mail_digest=number * 64,
            )  # fmt: skip
        one, two = conversation.held.values_list("pk", flat=True)
    assert "E-Mails, die auf Sie warten (2)" in desk.get("/koordination/").content.decode()
    assert "Mail 1." in desk.get(url).content.decode()
    desk.post(url, {"was": "einlassen", "mail": one})
    desk.post(url, {"was": "weglegen", "mail": two})
    page = desk.get(url).content.decode()
    assert "Mail 1." in page
    assert "Mail 2." not in page
    assert desk.post(url, {"was": "weglegen", "mail": two}).status_code == 422


@pytest.mark.parametrize("part", ["", "entwurf/"])
def test_nobody_else_opens_a_letter(nord: District, sued: District, part: str) -> None:
    url = written(nord) + part
    for client in (nord.client(), nord.signed_in("editor"), sued.signed_in("coordinator")):
        assert client.get(url).status_code in (302, 403, 404, 405)
        assert client.post(url, {"was": "nehmen", "text": "x"}).status_code in (302, 403, 404)
    with nord.inside():
        assert Conversation.objects.get().assignee is None
        assert not Draft.objects.exists()


def test_a_mail_that_waits_is_seen_with_its_files_and_decided_on(
    nord: District, sued: District
) -> None:
    url = written(nord)
    reference = url.split("/")[-2]
    desk = nord.signed_in("coordinator")
    with nord.inside():
        conversation = Conversation.objects.get(reference=reference)
        file = Attached("<b>Plan.html", 25, b"<script>alert(1)</script>")
        for sender in ("fremd@anderswo.example", "ut@nord.example"):
            holding.hold(
                conversation=conversation, sender=sender, text=f"Von {sender}",
                reason=HeldReason.STRANGER, mail_digest=sender, attached=[file],
            )  # fmt: skip
        one, team = HeldMail.objects.order_by("pk")
        number = Attachment.objects.get(held=one).pk
    for place in ("/koordination/posteingang/wartet/", url):
        page = desk.get(place).content.decode()
        assert "Von fremd@anderswo.example" in page
        assert "&lt;b&gt;Plan.html" in page
        assert page.count("Gehört zu dieser Anfrage") == 1
        assert page.count("Als Antwort an die Person senden") == 1
    download = f"{url}anhang/{number}/"
    answer = desk.get(download)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy.replace(";", " ").split()
    assert "no-store" in answer.headers["Cache-Control"]
    assert nord.signed_in("editor").get(download).status_code == 403
    assert sued.signed_in("coordinator").get(download).status_code == 404
    assert desk.get(f"{url}anhang/{number + 500}/").status_code == 404
    assert desk.post(url, {"was": "einlassen", "mail": one.pk}).status_code == 302
    page = desk.get(url).content.decode()
    assert f'href="{download}"' in page
    assert desk.post(url, {"was": "weglegen", "mail": team.pk}).status_code == 302
    assert "Keine E-Mail wartet." in desk.get("/koordination/posteingang/wartet/").content.decode()


def test_where_no_mail_comes_in_the_desk_says_what_is_missing(
    nord: District, no_way_in: None
) -> None:
    desk = nord.signed_in("coordinator")
    for place in ("/koordination/posteingang/wartet/", written(nord)):
        assert "Postfach für eingehende E-Mails" in desk.get(place).content.decode()
