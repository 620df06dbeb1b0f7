"""Heute: what this person can do, whoever waits longest first, each with its act."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from directory.contact import answering, mailboxes
from directory.contact.models import ContactRequest
from directory.conversations import resident
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District, form, idea_form
from tests.desk.test_today import page
from wiq.accounts.models import User
from wiq.mail.models import RefusedAddress

pytestmark = pytest.mark.usefixtures("no_budget")


def heads(text: str) -> list[str]:
    """Return the headings of the piles, in their order."""
    found = re.findall(r"<h3>(?:<a[^>]*>)?(.*?) \(\d+\)", text)
    return [head.strip() for head in found]


def write(district: District, *names: str) -> None:
    for name in names:
        assert district.client().post("/kontakt/", form(name=name)).status_code == 303


def test_each_kind_is_listed_with_its_act_and_whoever_waits_longest_first(nord: District) -> None:
    write(nord, "Erste", "Zweite")
    nord.client().post("/idee/", idea_form(title="Neue Bank"))
    now = timezone.now()
    with nord.inside():
        Idea.objects.update(created_at=now - timedelta(days=9))
        ContactRequest.objects.update(created_at=now - timedelta(days=3))
        RefusedAddress.objects.create(
            address="weg@beispiel.example", hard=2, marked_at=now - timedelta(days=5)
        )
    text = page(nord)
    assert heads(text)[:3] == [
        "Offene Ideen", "Adressen, an die nichts ankommt", "Offene Kontaktanfragen",
    ]  # fmt: skip
    # What nobody waits for comes after.
    assert heads(text)[3:] == [
        "Einwilligungen einholen", "Lösungsteams: Stimmt das noch?",
        "Postfach noch nicht bestätigt", "Was auf den Rechtsseiten fehlt",
        "Neues aus dem Startpaket",
    ]  # fmt: skip
    # Twenty words for the search are one task of their kind, not twenty.
    assert re.search(r"Neues aus dem Startpaket \(\d\)", text)
    acts = {words.strip() for words in re.findall(r'<a class="do"[^>]*>(.*?)<span', text, re.S)}
    assert acts == {
        "Lesen", "Adresse prüfen", "Antworten", "Eintragen", "Prüfen", "Bestätigen", "Ergänzen",
        "Ansehen",
    }  # fmt: skip


def test_an_answer_that_came_is_listed_once_and_goes_with_the_next_answer(nord: District) -> None:
    write(nord, "Erste")
    with nord.inside():
        request = ContactRequest.objects.get()
        resident.add(request, "Noch etwas dazu.")
    # Nobody has answered yet: it is a request that is open.
    assert "Neue Antworten (" not in page(nord)
    with nord.inside():
        answering.answer(request, text="Gern.", actor=ACTOR)
        resident.add(request, "Wann denn?")
    text = page(nord)
    assert "Neue Antworten (1)" in text
    assert "Offene Kontaktanfragen (" not in text
    with nord.inside():
        answering.answer(request, text="Am Montag.", actor=ACTOR)
    assert "Neue Antworten (" not in page(nord)


def test_an_idea_that_the_team_wrote_about_is_no_answer_that_came(nord: District) -> None:
    nord.client().post("/idee/", idea_form(title="Neue Bank"))
    with nord.inside():
        ideas.write_to_bringer(Idea.objects.get(), actor=ACTOR, note="Wir lesen das gern.")
    assert "Neue Antworten (" not in page(nord)
    with nord.inside():
        ideas.reply(Idea.objects.get(), "Danke schön.")
    text = page(nord)
    assert "Neue Antworten (1)" in text
    assert "Offene Ideen (" not in text


def test_what_a_colleague_handed_over_says_who_did(nord: District) -> None:
    write(nord, "Erste", "Zweite")
    with nord.inside():
        lou = User.objects.create(email="lou@nord.example", name="Lou Nord", role="coordinator")
        me = User.objects.get(email="coordinator@nord.example")
        first, second = ContactRequest.objects.order_by("pk")
        answering.assign(first, to=me, actor=lou)
        answering.assign(second, to=me, actor=me)
    text = page(nord)
    assert "Für mich (2)" in text
    assert text.count("Lou Nord hat das an Sie gegeben.") == 1
    assert text.index("Lou Nord") > text.index("Erste")
    assert "Offene Kontaktanfragen (" not in text


def test_the_draft_of_an_accepted_idea_is_gone_on_with(nord: District) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea = ideas.begin_review(Idea.objects.get(), actor=ACTOR)
        ideas.decide_for(idea, actor=ACTOR, note="Sehr gern.")
    for role in ("coordinator", "editor"):
        text = page(nord, role)
        assert "Entwürfe aus angenommenen Ideen (1)" in text
        assert "Weiterschreiben" in text


def test_a_mailbox_that_nobody_proved_is_listed_also_if_no_code_was_asked_for(
    nord: District, monkeypatch: Any
) -> None:
    text = page(nord)
    assert "Postfach noch nicht bestätigt (1)" in text
    assert "ut@nord.example" in text
    with nord.inside():
        monkeypatch.setattr(mailboxes, "new_code", lambda: "123456")
        mailboxes.ask("ut@nord.example", actor=ACTOR)
    assert "Code eintragen" in page(nord)
    with nord.inside():
        mailboxes.prove("123456", actor=ACTOR)
    assert "Postfach noch nicht bestätigt (" not in page(nord)


def test_an_editor_finds_something_to_do_and_none_of_it_is_about_residents(nord: District) -> None:
    write(nord, "Erste")
    text = page(nord, "editor")
    assert heads(text) == ["Lösungsteams: Stimmt das noch?"]
    with nord.inside():
        SolutionTeam.objects.filter(slug="baeume").update(challenge="", approach="")
    text = page(nord, "editor")
    assert heads(text) == ["Lösungsteams: Stimmt das noch?", "Lösungsteams ohne Beschreibung"]
    assert "Es fehlt: Herausforderung, Lösungsansatz" in text
    listed = nord.signed_in("editor").get(
        "/koordination/solutions/solutionteam/?zu-tun=beschreiben"
    )
    assert "Grüne Bäume" in listed.content.decode()
    assert "Nachbarschaftsfest" not in listed.content.decode()


def test_a_long_pile_that_nobody_waits_for_shows_its_first_three(nord: District) -> None:
    with nord.inside():
        for number in range(6):
            solutions.create_team(
                actor=ACTOR, slug=f"team-{number}", name=f"Gruppe {number}", state="running"
            )
    text = page(nord, "editor")
    assert "Lösungsteams ohne Beschreibung (6)" in text
    assert [f"Gruppe {number}" in text for number in range(6)] == [True] * 3 + [False] * 3
