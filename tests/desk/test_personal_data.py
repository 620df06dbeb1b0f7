"""A resident's rights: all about an address as a file, erased on demand, forgotten in time."""

import html
import json
import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations import resident
from directory.desk import subject_data
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tests.cast import ACTOR, MESSAGE, District, form, idea_form
from wiq.accounts import resets
from wiq.audit.models import Entry
from wiq.mail.models import Message
from wiq.mail.tasks import deliver
from wiq.outbox.models import Pointer
from wiq.submissions.retention import forgotten_on

ERIKA = "erika@beispiel.example"
URL = "/koordination/personendaten/"


def write(district: District) -> None:
    """Erika writes and brings an idea; somebody else writes, too."""
    district.client().post("/kontakt/", form())
    district.client().post("/idee/", idea_form())
    district.client().post("/kontakt/", form(name="Max Muster", email="max@beispiel.example"))


def test_a_coordinator_hands_out_everything_about_an_address(
    nord: District, sued: District
) -> None:
    write(nord)
    sued.client().post("/kontakt/", form(message="Nur im Süden geschrieben."))
    response = nord.signed_in("coordinator").post(URL, {"email": ERIKA.upper(), "was": "auskunft"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="auskunft.json"'
    found = json.loads(response.content)
    assert found["contact_requests"][0]["message"] == MESSAGE
    assert found["ideas"][0]["title"] == "Eine Bank am Kanal"
    assert len(found["mails"]) == 2
    text = response.content.decode()
    assert "Max" not in text
    assert "Süden" not in text
    assert "token" not in text
    with nord.inside():
        entry = Entry.objects.get(action="subject.access")
        assert ERIKA not in json.dumps(entry.details)


def test_what_is_handed_out_can_be_read_by_anybody(nord: District, sued: District) -> None:
    write(nord)
    with nord.inside():
        request = ContactRequest.objects.get(email=ERIKA)
        answering.answer(request, text="Wir rufen Sie an.", actor=ACTOR)
        ideas.begin_review(Idea.objects.get(), actor=ACTOR, note="Wir lesen sie.")
    response = nord.signed_in("coordinator").post(URL, {"email": ERIKA, "was": "ansehen"})
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    for words in ("Kontaktanfragen", "Wir rufen Sie an.", "Eingegangen am", "Wir lesen sie.",
                  "beantwortet", "Deutsch", "über die Seite", "Stand danach"):  # fmt: skip
        assert words in page, words
    shown = page[page.index("<h1>") : page.index("</main>")]
    text = re.sub(r"<[^>]*>|https?://\S+", "", shown)
    for code in ("_", "Max", "None", "True", "contact", "T00:", "&lt;", "open"):
        assert code not in text, code
    with nord.inside():
        assert Entry.objects.filter(action="subject.access").count() == 1
    nothing = nord.signed_in("coordinator").post(URL, {"email": "x@y.example", "was": "ansehen"})
    assert "nichts gespeichert" in nothing.content.decode()


@pytest.mark.parametrize("form_of_it", ["auskunft", "ansehen"])
def test_nobody_gets_into_an_account_by_handing_out_its_mails(
    nord: District, no_budget: None, form_of_it: str
) -> None:
    victim = "editor@nord.example"
    nord.client().post("/kontakt/", form(email=victim))
    with nord.inside():
        resets.mail_link(victim, "de")
        resident.ask_code(ContactRequest.objects.get())
        texts = [mail.text for mail in Message.objects.filter(to=victim)]
    secrets = {one for text in texts for one in re.findall(r"https?://\S+|\b\d{6}\b", text)}
    assert len(texts) == 3
    assert len(secrets) >= 3
    asked = {"email": victim, "was": form_of_it}
    page = html.unescape(nord.signed_in("coordinator").post(URL, asked).content.decode())
    assert "Passwort" in page
    assert [one for one in secrets if one in page] == []


def test_erasing_needs_a_yes_and_takes_only_this_address(nord: District) -> None:
    write(nord)
    client = nord.signed_in("coordinator")
    unsure = client.post(URL, {"email": ERIKA, "was": "loeschen"})
    assert unsure.status_code == 422
    with nord.inside():
        assert ContactRequest.objects.filter(email=ERIKA).exists()
    page = client.post(URL, {"email": ERIKA, "was": "loeschen", "sure": "on"}).content.decode()
    assert "Gelöscht: Kontaktanfragen 1, Ideen 1" in page
    with nord.inside():
        left = str(list(ContactRequest.objects.values()) + list(Idea.objects.values())
                   + list(Message.objects.values()))  # fmt: skip
        assert "erika" not in left.lower()
        assert "Bank am Kanal" not in left.replace(MESSAGE, "")
        assert ContactRequest.objects.count() == 2
        assert ContactRequest.objects.filter(email="max@beispiel.example").exists()


@pytest.mark.parametrize("role", ["editor", None])
def test_nobody_but_a_coordinator_may(nord: District, role: str | None) -> None:
    client = nord.signed_in(role) if role else nord.client()
    response = client.post(URL, {"email": ERIKA, "was": "auskunft"})
    assert response.status_code == (403 if role else 302)
    if role:
        with nord.inside():
            assert Entry.objects.filter(action="request.refused", actor__startswith=role).exists()


def test_the_command_shows_and_erases(nord: District) -> None:
    write(nord)
    out = StringIO()
    call_command("personal_data", "show", ERIKA, district="nord", stdout=out)
    assert json.loads(out.getvalue())["contact_requests"]
    call_command("personal_data", "erase", ERIKA, district="nord", stdout=out)
    out = StringIO()
    call_command("personal_data", "show", ERIKA, district="nord", stdout=out)
    assert not any(json.loads(out.getvalue()).values())
    with pytest.raises(CommandError, match="no district"):
        call_command("personal_data", "show", ERIKA, district="nirgends")


def tend(days: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        call_command("tend_districts", stdout=StringIO())


def test_what_is_done_is_forgotten_after_six_months_and_not_before(nord: District) -> None:
    write(nord)
    with nord.inside():
        for found in ContactRequest.objects.filter(email=ERIKA):
            contact.set_state(found, "answered", actor=ACTOR)
        ideas.withdraw(Idea.objects.get(), actor=ACTOR)
        token = ContactRequest.objects.get(email=ERIKA).token
    tend(days=178)
    with nord.inside():
        assert ContactRequest.objects.filter(email=ERIKA).exists()
    tend(days=186)
    with nord.inside():
        forgotten = ContactRequest.objects.get(state="answered")
        assert (forgotten.name, forgotten.email, forgotten.message) == ("", "", "")
        assert forgotten.anonymised_at is not None
        assert not Message.objects.about(forgotten).exists()
        idea = Idea.objects.get()
        assert (idea.title, idea.description, idea.place) == ("", "", "")
        # Nobody answered this one: it waits.
        assert ContactRequest.objects.get(email="max@beispiel.example").message == MESSAGE
    page = nord.client().get(f"/kontakt/{token}/").content.decode()
    assert "Wir haben Ihre Angaben gelöscht" in page


def test_the_day_stands_on_the_status_page(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        found = ContactRequest.objects.get()
    page = nord.client().get(f"/kontakt/{found.token}/").content.decode()
    assert "6 Monate, nachdem alles erledigt ist" in page
    with nord.inside():
        found = contact.set_state(found, "closed", actor=ACTOR)
        day = found.forgotten_on(6)
    assert day is not None
    page = nord.client().get(f"/kontakt/{found.token}/").content.decode()
    assert f"Wir löschen Ihre Angaben am {day.day}.\xa0" in page
    assert str(day.year) in page


def test_months_of_different_length() -> None:
    from datetime import date

    assert forgotten_on(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert forgotten_on(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert forgotten_on(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert forgotten_on(date(2026, 3, 15), -6) == date(2025, 9, 15)


def test_reopening_stops_the_clock(nord: District) -> None:
    write(nord)
    with nord.inside():
        found = ContactRequest.objects.get(email=ERIKA)
        contact.set_state(found, "closed", actor=ACTOR)
        contact.set_state(found, "taken", actor=ACTOR)
    tend(days=400)
    with nord.inside():
        assert ContactRequest.objects.get(pk=found.pk).message == MESSAGE


def erase(district: District, email: str = ERIKA) -> None:
    with district.inside():
        subject_data.erase(email, actor=ACTOR)


def test_what_is_erased_while_it_is_open_is_closed_for_everybody(nord: District) -> None:
    write(nord)
    with nord.inside():
        ideas.begin_review(Idea.objects.get(), actor=ACTOR)
        token, request = Idea.objects.get().token, ContactRequest.objects.get(email=ERIKA)
    erase(nord)
    late = nord.client().post(f"/idee/{token}/", {"was": "antworten", "antwort": "Ich bin Erika."})
    assert late.status_code == 422
    with nord.inside():
        idea = Idea.objects.get()
        assert (idea.state, idea.title) == ("withdrawn", "")
        assert not Idea.objects.open().exists()
        assert not ContactRequest.objects.open().filter(pk=request.pk).exists()
        assert contact.set_state(request, "new", actor=ACTOR).state == "closed"
        with pytest.raises(ideas.WrongMove):
            ideas.write_to_bringer(idea, actor=ACTOR, note="Sind Sie noch da?")
        assert not Message.objects.about(idea).exists()
    assert (
        "Offene Ideen (" not in nord.signed_in("coordinator").get("/koordination/").content.decode()
    )


def test_an_erased_idea_leaves_no_words_in_an_untouched_draft(nord: District) -> None:
    write(nord)
    with nord.inside():
        ideas.begin_review(Idea.objects.get(), actor=ACTOR)
        team = ideas.decide_for(Idea.objects.get(), actor=ACTOR, note="Gut.").solution_team
        assert team is not None
        assert team.challenge == ""
    erase(nord)
    with nord.inside():
        team.refresh_from_db()
        assert (team.challenge, team.place) == ("", "")
        assert "kanal" not in team.title_key + team.text_key


def test_erased_mails_leave_nothing_to_send_and_nothing_to_count(nord: District) -> None:
    write(nord)
    Pointer.objects.filter(district_id=nord.row.pk).update(state="dead")
    erase(nord)
    erase(nord, "max@beispiel.example")
    assert not Pointer.objects.filter(district_id=nord.row.pk).exists()
    assert (
        "nicht ankommen ("
        not in nord.signed_in("coordinator").get("/koordination/").content.decode()
    )


def test_spam_and_back_does_not_escape_being_forgotten(nord: District) -> None:
    write(nord)
    with nord.inside():
        idea = ideas.begin_review(Idea.objects.get(), actor=ACTOR)
        ideas.decide_against(idea, actor=ACTOR, note="Gibt es schon.")
        ideas.call_spam(idea, actor=ACTOR)
        with pytest.raises(ideas.WrongMove):
            ideas.withdraw(idea, actor=ACTOR)
        assert ideas.call_no_spam(idea, actor=ACTOR).done_at is not None
    tend(days=190)
    with nord.inside():
        assert Idea.objects.get().name == ""


def test_a_task_for_an_erased_mail_does_nothing(nord: District) -> None:
    write(nord)
    pointers = list(Pointer.objects.filter(district_id=nord.row.pk))
    erase(nord)
    erase(nord, "max@beispiel.example")
    for pointer in pointers:
        deliver.apply(args=[pointer.pk], headers={"_schema_name": nord.row.schema_name}, throw=True)
