"""What is sent twice is kept once: a second click, Back, a browser that tries again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from directory.contact.models import ContactRequest, ContactStep
from directory.ideas.models import Idea
from tests.cast import District, body, form, idea_form
from wiq.mail.models import Message
from wiq.submissions.models import Submission

MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FORMS = {ContactRequest: ("/kontakt/", form), Idea: ("/idee/", idea_form)}


def send(
    district: District, model: type[Submission], address: str = "192.0.2.1", **changes: str
) -> Any:
    url, typed = FORMS[model]
    return district.client().post(url, typed(**changes), REMOTE_ADDR=address)


@pytest.mark.parametrize("model", FORMS)
def test_the_same_from_the_same_place_within_ten_minutes_leads_to_the_first(
    nord: District, model: type[Submission]
) -> None:
    with time_machine.travel(MOMENT, tick=False):
        first = send(nord, model)["Location"]
    with nord.inside():
        mails = Message.objects.count()
    with time_machine.travel(MOMENT + timedelta(minutes=9, seconds=59), tick=False):
        assert send(nord, model)["Location"] == first
    with nord.inside():
        assert model._default_manager.count() == 1
        assert Message.objects.count() == mails
    with time_machine.travel(MOMENT + timedelta(minutes=10), tick=False):
        assert send(nord, model)["Location"] != first


@pytest.mark.parametrize("model", FORMS)
@pytest.mark.parametrize(
    ("address", "changes"),
    [
        ("192.0.2.2", {}),
        ("192.0.2.1", {"name": "Erik Beispiel"}),
        # Caught the first time, somebody who means it is heard the second time.
        ("192.0.2.1", {"website": ""}),
    ],
)
def test_what_differs_is_something_else(
    nord: District, model: type[Submission], address: str, changes: dict[str, str]
) -> None:
    send(nord, model, website="http://spam.example" if "website" in changes else "")
    send(nord, model, address, **changes)
    with nord.inside():
        assert model._default_manager.count() == 2


def test_one_district_knows_nothing_of_what_the_other_was_sent(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        send(district, ContactRequest)
        with district.inside():
            assert ContactRequest.objects.count() == 1


def test_a_program_without_a_key_is_spared_a_second_one_too(nord: District) -> None:
    answers = [
        nord.client().post("/api/v1/contact-requests/", body(), "application/json")
        for _again in range(2)
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1


def test_a_request_keeps_who_did_what_when_and_why(nord: District) -> None:
    send(nord, ContactRequest)
    desk = nord.signed_in("coordinator")
    with nord.inside():
        number = ContactRequest.objects.get().pk
    for action in ("take", "mark_spam", "close"):
        data = {"action": action, "_selected_action": [number]}
        desk.post("/koordination/contact/contactrequest/", data)
    with nord.inside():
        steps = ContactStep.objects.order_by("pk").values_list("state", "made_by")
        assert list(steps) == [
            ("new", "resident"),
            ("taken", "coordinator@nord.example"),
            ("spam", "coordinator@nord.example"),
            ("closed", "coordinator@nord.example"),
        ]
    page = desk.get(f"/koordination/contact/contactrequest/{number}/change/").content.decode()
    assert "Verlauf" in page
    assert "<strong>übernommen</strong> (coordinator@nord.example)" in page
