"""The desk's first page: since when something waits, how much is shown, and what does not count."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models.functions import Now
from django.utils import timezone

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.contact.waiting import open_requests
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.people.dates import today as this_day
from directory.solutions.models import SolutionTeam
from tenants.visits.banner import banner
from tests.cast import ACTOR, District, form, idea_form
from tests.desk.test_today import page
from wiq.accounts.models import User
from wiq.admin import waiting
from wiq.backoffice.waiting import failed_mails
from wiq.mail import services as mail
from wiq.outbox.models import Pointer, State

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "read", "age"),
    [
        (datetime(2026, 5, 4, 0, 0), datetime(2026, 5, 4, 23, 59), "seit heute"),
        (datetime(2026, 5, 4, 23, 59), datetime(2026, 5, 5, 0, 1), "seit 1 Tag"),
        (datetime(2026, 5, 4, 0, 0), datetime(2026, 5, 5, 23, 59), "seit 1 Tag"),
        (datetime(2026, 5, 4, 23, 59), datetime(2026, 5, 6, 0, 1), "seit 2 Tagen"),
        # The clocks change in the night to 25 October.
        (datetime(2026, 10, 24, 23, 59), datetime(2026, 10, 26, 0, 0), "seit 2 Tagen"),
    ],
)
def test_the_days_that_something_waits_begin_at_midnight_here(
    written: datetime, read: datetime, age: str
) -> None:
    with time_machine.travel(read.replace(tzinfo=BERLIN), tick=False):
        assert waiting.age(written.replace(tzinfo=BERLIN)) == age


def test_eight_of_a_pile_are_shown_and_the_rest_is_counted(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        one = ContactRequest.objects.get()
        for number in range(8):
            one.pk, one.token, one.reference = None, f"{number:032}", f"AB{number}2-CD34"
            one.name, one._state.adding = f"Nummer {number}", True
            one.save(force_insert=True)
        [pile] = waiting.gather([open_requests(None)])
    assert (pile.count, len(pile.tasks), pile.more) == (9, 8, 1)
    text = page(nord)
    assert "Offene Kontaktanfragen (9)" in text
    assert "und 1 weiteres" in text
    assert "Nummer 7 an" not in text


@pytest.mark.parametrize("state", ["answered", "closed", "spam"])
def test_a_request_that_is_done_waits_for_nobody(nord: District, state: Any) -> None:
    nord.client().post("/kontakt/", form())
    assert "Offene Kontaktanfragen (1)" in page(nord)
    with nord.inside():
        contact.set_state(ContactRequest.objects.get(), state, actor=ACTOR)
    assert "Offene Kontaktanfragen (" not in page(nord)


def test_an_idea_that_is_spam_or_taken_back_waits_for_nobody(nord: District) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        ideas.call_spam(Idea.objects.get(), actor=ACTOR)
    assert "Offene Ideen (" not in page(nord)
    with nord.inside():
        ideas.call_no_spam(Idea.objects.get(), actor=ACTOR)
    assert "Offene Ideen (1)" in page(nord)
    with nord.inside():
        ideas.withdraw(Idea.objects.get(), actor=ACTOR)
    assert "Offene Ideen (" not in page(nord)


def test_a_mail_counts_as_stuck_after_three_tries(nord: District) -> None:
    with nord.inside():
        message = mail.enqueue(kind="test", to="r@b.example", subject="Hallo", text="Text")
    pointer = Pointer.objects.filter(message_uuid=message.uuid)
    for attempts, count in ((2, 0), (3, 1)):
        pointer.update(attempts=attempts)
        with nord.inside():
            [pile] = waiting.gather([failed_mails(None)])
        assert (pile.count, [task.title for task in pile.tasks]) == (count, ["Hallo"] * count)
    pointer.update(state=State.SENT, done_at=Now())
    with nord.inside():
        assert waiting.gather([failed_mails(None)])[0].count == 0


def test_the_mail_that_waits_longest_stands_first(nord: District) -> None:
    with nord.inside():
        for number, subject in enumerate(("Neu", "Alt", "Mittel")):
            message = mail.enqueue(kind="test", to="r@b.example", subject=subject, text="Text")
            Pointer.objects.filter(message_uuid=message.uuid).update(
                attempts=3, waiting_since=Now() - timedelta(hours=(1, 9, 5)[number])
            )
        [pile] = waiting.gather([failed_mails(None)])
        assert [task.title for task in pile.tasks] == ["Alt", "Mittel", "Neu"]


def test_a_very_long_pile_is_counted_no_farther_than_the_inbox(
    nord: District, monkeypatch: Any
) -> None:
    monkeypatch.setattr(waiting, "COUNTED", 2)
    for name in ("Erste", "Zweite", "Dritte"):
        nord.client().post("/kontakt/", form(name=name))
    text = page(nord)
    assert "Offene Kontaktanfragen (2+)" in text
    assert "Alle ansehen" in text
    monkeypatch.setattr(waiting, "COUNTED", 3)
    assert "Offene Kontaktanfragen (3)" in page(nord)


@pytest.mark.parametrize(("days", "listed"), [(182, False), (183, True)])
def test_a_team_is_asked_about_when_half_a_year_is_over(
    nord: District, days: int, listed: bool
) -> None:
    with nord.inside():
        day = this_day() - timedelta(days=days)
        SolutionTeam.objects.filter(slug="baeume").update(confirmed_at=day)
    text = page(nord)
    assert (f"zuletzt am {day:%d.%m.%Y}" in text) is listed
    assert ("Stimmt das noch? (1)" in text) is listed


def test_a_team_that_is_done_or_a_draft_is_not_asked_about(nord: District) -> None:
    text = page(nord)
    assert "Grüne Bäume Nordviertel" in text
    for name in ("Nachbarschaftsfest", "Entwurf"):
        assert f"{name} Nordviertel" not in text


def test_editors_see_neither_addresses_nor_what_the_legal_pages_lack(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    Pointer.objects.update(state=State.DEAD, done_at=Now())
    for role, sees in (("coordinator", True), ("editor", False)):
        text = page(nord, role)
        for words in ("erika@beispiel.example", "Träger des Quartiers", "nicht ankommen"):
            assert (words in text) is sees, (role, words)


def test_what_a_resident_types_stays_text_at_the_desk(nord: District) -> None:
    nord.client().post("/kontakt/", form(name="<b>Erika</b>"))
    nord.client().post("/idee/", idea_form(title="<i>Bank</i>"))
    text = page(nord)
    for typed, shown in (("<b>Erika", "&lt;b&gt;Erika"), ("<i>Bank", "&lt;i&gt;Bank")):
        assert typed not in text
        assert shown in text


def test_the_banner_of_a_visit_is_there_until_its_last_second(nord: District, rf: Any) -> None:
    end = timezone.now().replace(microsecond=0) + timedelta(minutes=30)
    with nord.inside():
        User.objects.create(
            email="gast@plattform.example", name="Gast", role="coordinator", reason="Hilfe",
            expires_at=end,
        )  # fmt: skip
        for offset, is_there in ((-1, True), (0, False)):
            with time_machine.travel(end + timedelta(seconds=offset), tick=False):
                assert (banner(rf.get("/")) is not None) is is_there
