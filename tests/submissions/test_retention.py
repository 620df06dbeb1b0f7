"""The day on which what residents sent is forgotten, and what is left of it afterwards."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from directory.contact import services as contact
from directory.contact.models import ContactRequest, RequestState
from directory.ideas import services as ideas
from directory.ideas.models import Idea, IdeaStep
from tests.cast import ACTOR, District, form, idea_form
from wiq.audit.models import Entry
from wiq.declared import data_of
from wiq.mail.models import Message
from wiq.submissions.models import Submission
from wiq.submissions.retention import forgotten_on

BERLIN = ZoneInfo("Europe/Berlin")
# Done at this moment in the district, kept until the end of the first day, gone on the second.
BORDERS = [
    ("2026-08-15T12:00:00+02:00", "2027-02-14", "2027-02-15"),
    # The last of a shorter month stands for the days it does not have.
    ("2026-08-31T12:00:00+02:00", "2027-02-27", "2027-02-28"),
    ("2027-08-30T12:00:00+02:00", "2028-02-28", "2028-02-29"),
    ("2026-12-31T12:00:00+01:00", "2027-06-29", "2027-06-30"),
    # Half an hour before and after midnight; in UTC both are one day.
    ("2026-06-14T23:30:00+02:00", "2026-12-13", "2026-12-14"),
    ("2026-06-15T00:30:00+02:00", "2026-12-14", "2026-12-15"),
]
ROOMS = {ContactRequest: contact.anonymise_due, Idea: ideas.anonymise_due}


def at(moment: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(moment), tick=False)


def in_the_district(day: str, clock: str) -> str:
    """Return a moment by the clock on the wall, summer or winter."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN).isoformat()


def send_both(district: District, **changes: str) -> None:
    district.client().post("/kontakt/", form(**changes))
    district.client().post("/idee/", idea_form(**changes))


def forget(moment: str) -> list[int]:
    with at(moment):
        return [anonymise_due(6) for anonymise_due in ROOMS.values()]


@pytest.mark.parametrize(("done", "kept", "gone"), BORDERS)
def test_the_day_that_was_promised_is_the_day_it_is_forgotten(
    nord: District, done: str, kept: str, gone: str
) -> None:
    with at(done):
        send_both(nord)
        with nord.inside():
            contact.set_state(ContactRequest.objects.get(), "answered", actor=ACTOR)
            ideas.withdraw(Idea.objects.get(), actor=ACTOR)
    with nord.inside():
        assert ContactRequest.objects.get().forgotten_on(6) == date.fromisoformat(gone)
        assert forget(in_the_district(kept, "23:59:59")) == [0, 0]
        assert forget(in_the_district(gone, "00:00:00")) == [1, 1]
        assert ContactRequest.objects.get().email == Idea.objects.get().email == ""


def test_three_months_back_and_forth_end_on_a_day_that_exists() -> None:
    assert forgotten_on(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert forgotten_on(date(2027, 5, 31), -3) == date(2027, 2, 28)
    assert forgotten_on(date(2027, 1, 31), 12) == date(2028, 1, 31)
    assert forgotten_on(date(2028, 2, 29), 12) == date(2029, 2, 28)


@pytest.mark.parametrize("model", ROOMS)
def test_what_the_honeypot_caught_is_forgotten_as_well(
    nord: District, model: type[Submission]
) -> None:
    with at("2026-03-10T12:00:00+01:00"):
        send_both(nord, website="http://spam.example")
    with nord.inside():
        assert forget("2026-09-09T12:00:00+02:00") == [0, 0]
        assert forget("2026-09-10T12:00:00+02:00") == [1, 1]
        assert model._default_manager.get().email == ""


def test_what_the_desk_calls_spam_is_forgotten_as_well(nord: District) -> None:
    with at("2026-03-10T12:00:00+01:00"):
        send_both(nord)
        with nord.inside():
            contact.set_state(ContactRequest.objects.get(), RequestState.SPAM, actor=ACTOR)
            ideas.call_spam(Idea.objects.get(), actor=ACTOR)
    with nord.inside():
        assert forget("2026-09-10T12:00:00+02:00") == [1, 1]


def test_what_is_not_spam_after_all_waits_for_somebody(nord: District) -> None:
    with at("2026-03-10T12:00:00+01:00"):
        send_both(nord, website="http://spam.example")
        with nord.inside():
            contact.set_state(ContactRequest.objects.get(), RequestState.NEW, actor=ACTOR)
            ideas.call_no_spam(Idea.objects.get(), actor=ACTOR)
    with nord.inside():
        assert forget("2027-03-10T12:00:00+01:00") == [0, 0]


def test_the_months_begin_when_everything_is_done(nord: District) -> None:
    with at("2026-03-10T12:00:00+01:00"):
        send_both(nord)
        with nord.inside():
            contact.set_state(ContactRequest.objects.get(), "answered", actor=ACTOR)
    with nord.inside():
        with at("2026-04-20T12:00:00+02:00"):
            contact.set_state(ContactRequest.objects.get(), "closed", actor=ACTOR)
        assert forget("2026-10-19T12:00:00+02:00") == [0, 0]
        assert forget("2026-10-20T12:00:00+02:00") == [1, 0]


def test_each_district_keeps_things_as_long_as_it_says(nord: District, sued: District) -> None:
    for district in (nord, sued):
        with at("2026-03-10T12:00:00+01:00"):
            send_both(district, website="http://spam.example")
    with nord.inside():
        assert forget("2026-12-01T12:00:00+01:00") == [1, 1]
    with sued.inside():
        assert ContactRequest.objects.get().email == "erika@beispiel.example"


ANONYMISE: dict[type[Submission], Callable[..., Any]] = {
    ContactRequest: contact.anonymise,
    Idea: ideas.anonymise,
}


@pytest.mark.parametrize("model", ROOMS)
def test_what_is_forgotten_keeps_neither_words_nor_a_fingerprint_of_them(
    nord: District, model: type[Submission]
) -> None:
    send_both(nord, phone="0341 123456")
    with nord.inside():
        model._default_manager.update(idempotency_key="eins", idempotency_digest="abc")
        sent = model._default_manager.get()
        ANONYMISE[model](sent, actor=ACTOR)
        left = model._default_manager.get()
        marks = (left.idempotency_key, left.idempotency_digest, left.repeat_digest)
        assert marks == (None, "", "")
        assert {getattr(left, name) for name in data_of(model).personal} == {""}
        assert left.anonymised_at is not None
        assert left.reference == sent.reference
        row = str(model._default_manager.values().get())
        for word in ("Erika", "beispiel", "123456", "Bank", "Kanal"):
            assert word not in row


def test_of_what_is_forgotten_nothing_is_mailed_or_taken_up_again(nord: District) -> None:
    send_both(nord, website="http://spam.example")
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
        assert contact.send_mails_again(request, actor=ACTOR) == 0  # nobody let it out
        contact.anonymise(request, actor=ACTOR)
        ideas.anonymise(idea, actor=ACTOR)
        ContactRequest.objects.update(state=RequestState.CLOSED)  # as what was no spam
        assert contact.send_mails_again(ContactRequest.objects.get(), actor=ACTOR) == 0
        ideas.call_no_spam(idea, actor=ACTOR)
        assert not Message.objects.exists()
        assert Idea.objects.get().done_at is not None


def test_the_history_of_a_forgotten_idea_says_neither_what_nor_who(nord: District) -> None:
    send_both(nord)
    with nord.inside():
        idea = ideas.begin_review(Idea.objects.get(), actor="kim@nord.example")
        ideas.ask_back(idea, actor="kim@nord.example", note="Wo wohnen Sie, Erika?")
        ideas.reply(idea, "In der Karlstraße 1.")
        ideas.anonymise(idea, actor=ACTOR)
        steps = IdeaStep.objects.order_by("pk")
        assert [step.state for step in steps] == [
            *("received", "review", "needs_info", "review", "withdrawn"),
        ]  # fmt: skip
        assert {(step.note, step.made_by) for step in steps} == {("", "")}


def test_who_took_a_forgotten_request_over_is_forgotten_too(nord: District) -> None:
    send_both(nord)
    with nord.inside():
        taken = contact.set_state(
            ContactRequest.objects.get(), "taken", actor="mail-link", who="kim@beispiel.example"
        )
        assert taken.taken_by == "kim@beispiel.example"
        contact.anonymise(taken, actor=ACTOR)
        assert ContactRequest.objects.get().taken_by == ""


def test_the_log_says_that_something_was_forgotten_and_who_did_it(nord: District) -> None:
    send_both(nord)
    send_both(nord, website="http://spam.example")
    with nord.inside():
        request, idea = ContactRequest.objects.last(), Idea.objects.last()
        contact.anonymise(request, actor="kim")
        ideas.anonymise(idea, actor="kim")
        forget("2036-01-01T12:00:00+01:00")
        for word in ("contactrequest", "idea"):
            found = Entry.objects.filter(action=f"{word}.anonymised").order_by("pk")
            assert list(found.values_list("actor", flat=True)) == ["kim", "system"]
