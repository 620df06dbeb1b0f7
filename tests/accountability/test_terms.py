"""Retention shown is retention done: a day before its term a thing is there, a day after it is gone."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import models
from django.utils import timezone

from directory.contact.models import ContactRequest, RequestState
from directory.conversations.models import Conversation, HeldMail, HeldReason
from directory.events import services as events
from directory.events.models import Event
from directory.following.models import Subscription
from directory.ideas.models import Idea, IdeaState
from tenants.districts import services as districts
from tests.cast import ACTOR, District
from tests.house.test_layout import ROOT
from wiq import declaration_checks as checks
from wiq.accounts.models import Session
from wiq.mail.models import Message, RefusedAddress
from wiq.night import chores
from wiq.processing import Term, activities, in_order
from wiq.submissions.retention import forgotten_on

ADDRESS = "alte.frist@frist.example"
Rows = models.QuerySet[Any]


def a_request() -> Rows:
    ContactRequest.objects.create(
        name="Erika", email=ADDRESS, message="Bitte eine Bank.", state=RequestState.CLOSED,
        done_at=timezone.now(),
    )  # fmt: skip
    return ContactRequest.objects.filter(email=ADDRESS)


def an_idea() -> Rows:
    Idea.objects.create(
        name="Erika", email=ADDRESS, title="Bank", description="Am Kanal.",
        state=IdeaState.WITHDRAWN, done_at=timezone.now(),
    )  # fmt: skip
    return Idea.objects.filter(email=ADDRESS)


def a_held_mail() -> Rows:
    conversation = Conversation.objects.create(
        about_type="contact.contactrequest", about_id=0, reference="ALTE-FRIS", state="new",
        opened_at=timezone.now(),
    )  # fmt: skip
    HeldMail.objects.create(
        conversation=conversation, sender=ADDRESS, reason=HeldReason.values[0], mail_digest="x"
    )
    return HeldMail.objects.filter(sender=ADDRESS)


def a_subscription() -> Rows:
    Subscription.objects.create(email=ADDRESS, asked_at=timezone.now())
    return Subscription.objects.filter(email=ADDRESS)


def a_mail_to_an_account() -> Rows:
    Message.objects.create(to=ADDRESS, kind="x", subject="x", text="x", about_type="accounts.user")
    return Message.objects.filter(to=ADDRESS)


def an_address_with_a_fault() -> Rows:
    RefusedAddress.objects.create(address=ADDRESS)
    return RefusedAddress.objects.filter(address=ADDRESS)


def an_address_that_takes_nothing() -> Rows:
    RefusedAddress.objects.create(address=ADDRESS, marked_at=timezone.now())
    return RefusedAddress.objects.filter(address=ADDRESS)


def a_date() -> Rows:
    events.announce(title=ADDRESS, day=timezone.localdate(), time=time(18), actor=ACTOR)
    return Event.objects.filter(title=ADDRESS)


def a_session() -> Rows:
    Session.objects.create(session_key="frist", expire_date=timezone.now() + timedelta(days=14))
    return Session.objects.filter(session_key="frist")


THINGS: dict[tuple[str, str], Callable[[], Rows]] = {
    ("requests", "Name, Adresse, Telefonnummer und Text"): a_request,
    ("ideas", "Name, Adresse, Telefonnummer und Text"): an_idea,
    ("conversations", "E-Mails, deren Absender unsicher ist"): a_held_mail,
    ("news", "Adresse, die niemand bestätigt"): a_subscription,
    ("mails", "E-Mails an Konten"): a_mail_to_an_account,
    ("mails", "Adresse mit einzelnen Fehlern"): an_address_with_a_fault,
    ("mails", "Adresse, die keine E-Mails annimmt"): an_address_that_takes_nothing,
    ("accounts", "Sitzung"): a_session,
    ("events", "Termine, die vorbei sind"): a_date,
}
# Terms whose erasing has a test of its own, on both sides of the day.
ELSEWHERE = {
    ("conversations", "Verlauf mit Anhängen"): "conversations/test_conversations.py",
    ("news", "verschickte Neuigkeiten"): "following/test_following.py",
    ("portraits", "Bilddateien, die zu niemandem mehr gehören"): "media/test_night.py",
    ("applications", "Anmeldung ohne bestätigte Adresse"): "applications/test_application.py",
    ("applications", "Name, Adresse und Text"): "applications/test_application.py",
    ("accounts", "Konto ohne Besuch, bis es geschlossen wird"): "accounts/test_dormancy.py",
    ("log", "Namen im Protokoll"): "accounts/test_dormancy.py",
    ("erasures", "Zeile der Merkliste"): "erasures/test_restore.py",
}
TERMS = {
    (activity.key, term.what): term
    for activity in in_order()
    for term in activity.terms
    if term.lasts is not None
}


def test_no_term_is_shown_that_no_test_compares_with_what_is_done() -> None:
    assert set(TERMS) == {*THINGS, *ELSEWHERE}
    for file in ELSEWHERE.values():
        assert (ROOT / "tests" / file).is_file()


def end_of(term: Term, begin: datetime, district: Any) -> datetime:
    months = term.months(district)
    if months is None:
        assert isinstance(term.lasts, timedelta)
        return begin + term.lasts
    day = forgotten_on(timezone.localdate(begin), months)
    return timezone.make_aware(datetime.combine(day, time.min))


def erase(name: str) -> None:
    (chore,) = [one for one in chores if one.name == name]
    chore.do()


@pytest.mark.parametrize("months", [6, 2])
def test_what_is_shown_is_done(nord: District, months: int) -> None:
    districts.update(nord.row, actor=ACTOR, retention_months=months)
    for key, make in THINGS.items():
        term, begin = TERMS[key], timezone.now()
        end = end_of(term, begin, nord.row)
        with nord.inside():
            rows = make()
            with time_machine.travel(end - timedelta(minutes=1), tick=False):
                erase(term.eraser)
                assert rows.exists(), f"{key} went before its term"
            with time_machine.travel(end + timedelta(minutes=1), tick=False):
                erase(term.eraser)
                assert not rows.exists(), f"{key} stays longer than shown"


def test_the_words_of_a_term_follow_the_setting(nord: District) -> None:
    term = TERMS["requests", "Name, Adresse, Telefonnummer und Text"]
    for months, words in ((1, "1 Monat "), (9, "9 Monate ")):
        districts.update(nord.row, actor=ACTOR, retention_months=months)
        assert words in term.words(nord.row)


def test_personal_data_that_no_activity_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_processing(None) == []
    others = [one for one in activities if one.key != "videos"]
    monkeypatch.setattr(activities, "_items", others)
    (error,) = checks.check_processing(None)
    assert (error.id, "videos.Video" in error.msg) == ("wiq.E021", True)


def test_a_column_of_somebody_elses_app_needs_words_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = next(one for one in activities if one.key == "accounts")
    says = {name: words for name, words in found.says.items() if name != "email"}
    monkeypatch.setitem(found.__dict__, "says", says)
    (error,) = checks.check_processing(None)
    assert (error.id, "account.emailaddress.email" in error.msg) == ("wiq.E022", True)


def test_a_term_whose_eraser_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = next(one for one in activities if one.key == "news")
    monkeypatch.setitem(
        found.__dict__, "terms", (Term("Adresse", timedelta(days=1), eraser="nobody"),)
    )
    assert {message.id for message in checks.check_processing(None)} == {"wiq.E022"}
