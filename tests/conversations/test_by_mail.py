"""Mail both ways: the team and the resident answer in their mail programs, strangers join nothing."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations import holding, incoming, writing
from directory.conversations.models import (
    Attachment,
    Conversation,
    ConversationEntry,
    HeldMail,
    HeldReason,
)
from directory.desk import subject_data
from directory.ideas.models import Idea
from tenants.transfer.services import import_district
from tests.audited import said
from tests.cast import ACTOR, District, idea_form
from tests.conversations.mailing import AUTHSERV, address_of, receive, written
from tests.conversations.test_conversations import coordinator, kinds, sent
from tests.mails import caught, deliver_all
from tests.transfer.files import export, unpacked
from wiq.inbound.mailboxes import Outcome
from wiq.mail.models import Message
from wiq.subjects import erase_all

TEAM, ERIKA = "ut@nord.example", "erika@beispiel.example"


@pytest.fixture(autouse=True)
def our_server_checks(settings: Any) -> None:
    settings.WIQ_INBOUND_AUTHSERV = AUTHSERV


def words_in(district: District, about: Any) -> list[str]:
    with district.inside():
        return [one.text for one in Conversation.objects.about(about).get().entries.all()]


def waiting(district: District) -> list[str]:
    with district.inside():
        return list(HeldMail.objects.filter(done_at=None).values_list("reason", flat=True))


def test_the_team_answers_in_its_mail_program_and_everybody_sees_it(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        team = Message.objects.get(kind="contact.team")
    assert team.reply_to == address_of(nord, request)
    local, _at, _domain = team.reply_to.partition("@")
    assert len(local) <= 64 and local.islower() and local.startswith("anfrage+")
    mail = written(
        f"Ute <{TEAM.upper()}>", team.reply_to, "Ja, am Freitag.", quoted="geheimer Link"
    )
    assert [receive(mail), receive(mail)] == [Outcome.JOINED, Outcome.JOINED]
    with nord.inside():
        request.refresh_from_db()
        assert request.state == "answered"
        answer = Message.objects.get(kind="conversations.answer")
        assert (answer.to, answer.reply_to) == (request.email, team.reply_to)
        assert "Ja, am Freitag." in answer.text
        assert "geheimer Link" not in answer.text + answer.html
        assert kinds(request) == ["message", "answer", "move"]
        entry = ConversationEntry.objects.get(kind="answer")
        assert (entry.made_by, entry.via) == (TEAM, "mail")
        assert "geheimer Link" in entry.quoted
        assert said("conversation.answered") == [("conversation.answered", TEAM)]


def test_a_coordinator_who_answers_by_mail_takes_it(nord: District) -> None:
    request = sent(nord)
    kim = "coordinator@nord.example"
    assert receive(written(kim, address_of(nord, request))) == Outcome.JOINED
    with nord.inside():
        assert Conversation.objects.about(request).get().assignee == coordinator(nord).pk


def test_her_reply_opens_the_request_again_and_whoever_has_it_gets_it_by_mail(
    nord: District,
) -> None:
    request = sent(nord)
    to = address_of(nord, request)
    with nord.inside():
        answering.answer(request, text="Wann passt es?", actor=coordinator(nord))
    mail = written(ERIKA, to, "Am Freitag.", quoted="Wann passt es?")
    assert receive(mail) == Outcome.JOINED
    assert receive(mail) == Outcome.JOINED
    with nord.inside():
        request.refresh_from_db()
        assert request.state == "taken"
        assert Conversation.objects.about(request).get().turn == "ours"
        entry = ConversationEntry.objects.filter(kind="message").latest("pk")
        assert (entry.text, entry.via) == ("Am Freitag.", "mail")
        assert "Wann passt es?" in entry.quoted
        # Whoever has it is told alone.
        told = Message.objects.get(kind="contact.replied")
        assert told.to == "coordinator@nord.example"
        assert "Am Freitag." in told.text
        assert told.reply_to == to


def test_an_idea_is_answered_both_ways(nord: District) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea = Idea.objects.get()
    to = address_of(nord, idea)
    assert receive(written(TEAM, to, "Wo genau?")) == Outcome.JOINED
    assert receive(written(idea.email, to, "Am Kanal, Höhe 5.")) == Outcome.JOINED
    assert {"Wo genau?", "Am Kanal, Höhe 5."} < set(words_in(nord, idea))
    with nord.inside():
        assert {*Message.objects.values_list("reply_to", flat=True)} == {to}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sender": "fremd@anderswo.example"}, HeldReason.STRANGER),
        ({"sender": f'"{TEAM}" <fremd@anderswo.example>'}, HeldReason.STRANGER),
        ({"sender": f"fremd@anderswo.example, {TEAM}"}, HeldReason.STRANGER),
        ({"sender": TEAM, "proven": False}, HeldReason.UNPROVEN),
        ({"sender": ERIKA, "proven": False}, HeldReason.UNPROVEN),
    ],
)
def test_whoever_does_not_fit_or_is_not_proven_waits_in_the_pen(
    nord: District, sued: District, changes: dict[str, Any], reason: str
) -> None:
    request = sent(nord)
    before = words_in(nord, request)
    mail = written(to=address_of(nord, request), text="Bitte löschen!", **changes)
    assert [receive(mail), receive(mail)] == [Outcome.HELD, Outcome.HELD]
    assert (words_in(nord, request), waiting(nord)) == (before, [reason])
    assert waiting(sued) == []
    page = nord.signed_in("coordinator").get("/koordination/").content.decode()
    assert "E-Mails, die auf Sie warten" in page


def test_an_address_of_one_district_reaches_no_other(nord: District, sued: District) -> None:
    mine, theirs = sent(nord), sent(sued)
    (one, domain), other = address_of(nord, mine).split("@"), address_of(sued, theirs)
    number = len("anfrage+") + 8
    mixed = f"{other[:number]}{one[number:]}@{domain}"
    for to in (
        mixed,
        f"{one[:-1]}{'x' if one[-1] == 'y' else 'y'}@{domain}",
        f"anfrage+{'a' * 40}@{domain}",
        f"anfrage+kurz1234@{domain}",
    ):
        assert receive(written(ERIKA, to)) == Outcome.IGNORED
    # The address of Süd's team is nobody in Nord.
    assert receive(written("ut@sued.example", f"{one}@{domain}")) == Outcome.HELD
    assert words_in(sued, theirs) == [theirs.message]
    assert waiting(sued) == []


def test_machines_and_mails_of_ours_end(nord: District) -> None:
    request = sent(nord)
    to = address_of(nord, request)
    deliver_all(nord)
    for headers in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x>"}):
        assert receive(written(ERIKA, to, **headers)) == Outcome.IGNORED
    with nord.inside():
        answering.answer(request, text="Gern.", actor=coordinator(nord))
        ours = Message.objects.get(kind="conversations.answer")
    own = written(TEAM, to).replace(b".mailing@", b".mailing@\r\nX-Old: <")
    number = f"Message-ID: <{ours.uuid}@wiq.example>".encode()
    own = b"\r\n".join(
        number if line.startswith(b"Message-ID") else line for line in own.split(b"\r\n")
    )
    assert receive(own) == Outcome.IGNORED
    assert len(words_in(nord, request)) == 3


def test_two_machines_that_answer_each_other_end_in_the_pen(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_AN_HOUR", 2)
    monkeypatch.setattr(incoming, "MOST_HELD", 1)
    to = address_of(nord, sent(nord))
    outcomes = [receive(written(ERIKA, to, f"Nummer {number}")) for number in range(4)]
    assert outcomes == [Outcome.JOINED, Outcome.JOINED, Outcome.HELD, Outcome.IGNORED]


def test_who_tries_it_out_with_the_teams_address_is_both(nord: District) -> None:
    request = sent(nord, email=TEAM)
    to = address_of(nord, request)
    with nord.inside():
        answering.answer(request, text="Wann?", actor=coordinator(nord))
        answer = Message.objects.get(kind="conversations.answer")
    headers = {"In_Reply_To": f"<{answer.uuid}@wiq.example>"}
    receive(written(TEAM, to, "Als Person.", **headers))
    receive(written(TEAM, to, "Als Team."))
    with nord.inside():
        said_as = dict(ConversationEntry.objects.values_list("text", "kind"))
    assert (said_as["Als Person."], said_as["Als Team."]) == ("message", "answer")


def test_files_are_kept_and_travel_on_with_the_answer(nord: District, maildir: Any) -> None:
    request = sent(nord, email="datei@beispiel.example")
    to = address_of(nord, request)
    files = {"../Plan<b>.html": b"<script>alert(1)</script>", "gross.bin": b"x" * 5_000_001}
    receive(written("datei@beispiel.example", to, "Anbei.", files=files))
    receive(written(TEAM, to, "Danke, anbei.", files={"Antwort.txt": b"Inhalt"}))
    deliver_all(nord)
    with nord.inside():
        rows = [(one.name, one.size, one.content is not None) for one in Attachment.objects.all()]
    assert rows == [
        ("Plan b .html", 25, True), ("gross.bin", 5_000_001, False), ("Antwort.txt", 6, True),
    ]  # fmt: skip
    answer = caught(maildir, "datei@beispiel.example")[-1]
    (file,) = answer.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Antwort.txt", b"Inhalt")


def test_what_waits_is_joined_sent_on_or_laid_aside_once(nord: District) -> None:
    request = sent(nord)
    to = address_of(nord, request)
    receive(written("mann@anderswo.example", to, "Für meine Frau.", files={"a.txt": b"a"}))
    receive(written(TEAM, to, "Vom Team.", proven=False))
    receive(written("werbung@anderswo.example", to, "Kaufen!", files={"b.txt": b"b"}))
    with nord.inside():
        kim = coordinator(nord)
        husband, team, spam = HeldMail.objects.order_by("pk")
        entry = holding.let_in(mail=husband, actor=kim)
        assert (entry.kind, entry.made_by) == ("message", "mann@anderswo.example")
        holding.send_on(mail=team, actor=kim)
        assert "Vom Team." in Message.objects.get(kind="conversations.answer").text
        holding.drop(mail=spam, actor=kim)
        for mail in (husband, team, spam):
            with pytest.raises(ValidationError):
                holding.drop(mail=mail, actor=kim)
        assert [one.name for one in Attachment.objects.all()] == ["a.txt"]
        assert not HeldMail.objects.exclude(text="", sender="").exists()
        assert said("conversation.mail_sent_on") == [("conversation.mail_sent_on", kim.email)]


def test_a_request_that_takes_no_reply_holds_it_and_a_forgotten_one_keeps_no_file(
    nord: District,
) -> None:
    request = sent(nord)
    to = address_of(nord, request)
    receive(written(ERIKA, to, "Anbei.", files={"a.txt": b"a"}))
    with nord.inside():
        contact.set_state(request, "spam", actor=ACTOR)
    assert receive(written(ERIKA, to, "Noch da?", files={"b.txt": b"b"})) == Outcome.HELD
    assert waiting(nord) == [HeldReason.CLOSED]
    with nord.inside():
        contact.anonymise(ContactRequest.objects.get(), actor=ACTOR)
        assert not Attachment.objects.exists()
        assert not HeldMail.objects.exists()
    assert receive(written(ERIKA, to, "Und jetzt?")) == Outcome.HELD
    assert waiting(nord) == [HeldReason.FORGOTTEN]


def test_without_a_way_in_mails_are_answered_as_before(nord: District, settings: Any) -> None:
    settings.WIQ_MAIL_CATCHER = settings.WIQ_INBOUND_URL = settings.WIQ_INBOUND_TOKEN = ""
    request = sent(nord)
    with nord.inside():
        answering.answer(request, text="Gern.", actor=coordinator(nord))
        to = dict(Message.objects.values_list("kind", "reply_to"))
        assert to == {
            "contact.team": request.email, "contact.confirmation": "",
            "conversations.answer": TEAM,
        }  # fmt: skip
        assert not Message.objects.filter(text__contains="über diese Zeile").exists()
        assert writing.conversation_of(request).reply_token


def test_files_and_what_waits_are_handed_out_exported_and_forgotten(
    nord: District, tmp_path: Path
) -> None:
    request = sent(nord, email="auskunft@beispiel.example")
    to = address_of(nord, request)
    receive(written("auskunft@beispiel.example", to, "Anbei.", files={"plan.txt": b"Plan"}))
    receive(written("mann@anderswo.example", to, "Ihr Mann.", files={"b.txt": b"Brief"}))
    receive(written("wartend@anderswo.example", to, "Wer bin ich?", files={"c.txt": b"Wer"}))
    with nord.inside():
        husband, _waiting = HeldMail.objects.order_by("pk")
        holding.let_in(mail=husband, actor=ACTOR)
        found = json.dumps(
            subject_data.collect("auskunft@beispiel.example", actor=ACTOR), default=str
        )
        assert "plan.txt" in found
        assert b64encode(b"Plan").decode() in found
        for email in ("mann@anderswo.example", "wartend@anderswo.example"):
            assert "anderswo" in json.dumps(subject_data.collect(email, actor=ACTOR), default=str)
    file = export(nord, personal_data=True)
    rows = unpacked(file)["rows/conversations.attachment.jsonl"].decode()
    assert "plan.txt" in rows
    assert "c.txt" not in rows
    (tmp_path / "nord.zip").write_bytes(file)
    import_district(tmp_path / "nord.zip", slug="nord-neu")
    with District("nord-neu").inside():
        copies = {one.name: bytes(one.content) for one in Attachment.objects.all()}
        assert copies == {"plan.txt": b"Plan", "b.txt": b"Brief"}
    with nord.inside():
        for email in ("mann@anderswo.example", "wartend@anderswo.example"):
            erase_all(email, ACTOR)
        assert [one.name for one in Attachment.objects.all()] == ["plan.txt"]
        assert not ConversationEntry.objects.filter(text="Ihr Mann.").exists()
        assert "Mann" not in Conversation.objects.about(request).get().search_key
    receive(written("wartend@anderswo.example", to, "Noch einmal.", files={"d.txt": b"Wer"}))
    with nord.inside():
        assert holding.forget_old() == 0
        with time_machine.travel(datetime.now(UTC) + timedelta(days=91)):
            assert holding.forget_old() == 2  # one that waited, and what was left of one
        assert [one.name for one in Attachment.objects.all()] == ["plan.txt"]
        contact.anonymise(ContactRequest.objects.get(pk=request.pk), actor=ACTOR)
        assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Gr=C3=BC=C3=9Fe", "Grüße"),
        ("Ja=00, gern", "Ja, gern"),
        ("=C2=85=00", "(E-Mail ohne Text)"),
    ],
)
def test_a_mail_without_words_says_what_its_subject_says(
    nord: District, subject: str, words: str
) -> None:
    request = sent(nord)
    mail = written(ERIKA, address_of(nord, request), "").replace(
        b"Subject: Re: Ihre Anfrage",
        f"Subject: =?utf-8?q?{subject.replace(' ', '_')}?=".encode(),
    )
    assert receive(mail) == Outcome.JOINED
    assert words_in(nord, request)[-1] == words
