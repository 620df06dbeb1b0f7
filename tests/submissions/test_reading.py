"""Whoever reads what residents sent stands in the log, once a day."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tests.api.test_writing import send, with_token
from tests.audited import said
from tests.cast import ACTOR, District, form, idea_form
from wiq.submissions import reading

PAGES: dict[str, tuple[str, dict[str, Any], Any, str]] = {
    "contactrequest": (
        "/kontakt/",
        form(),
        ContactRequest,
        "/koordination/contact/contactrequest/",
    ),
    "idea": ("/idee/", idea_form(), Idea, "/koordination/ideas/idea/"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_opening_one_is_noted_once_a_day_and_listing_at_the_desk_is_not(
    nord: District, kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    path, typed, model, page = PAGES[kind]
    nord.client().post(path, typed)
    with nord.inside():
        one = f"{page}{model.objects.get().pk}/change/"
    desk = nord.signed_in("coordinator")
    assert desk.get(page).status_code == 200
    with nord.inside():
        assert not said(f"{kind}.read")
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            assert desk.get(one).status_code == 200
    with nord.inside():
        assert said(f"{kind}.read") == [(f"{kind}.read", "coordinator@nord.example")]
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=5)):
        assert nord.signed_in("coordinator").get(one).status_code == 200
    with nord.inside():
        assert len(said(f"{kind}.read")) == 2
    assert "gelesen" in desk.get("/koordination/audit/entry/").content.decode()


def test_a_script_that_reads_is_noted_with_its_account(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/kontakt/", form(name="Zweite Person"))
    script = with_token(nord)
    with django_capture_on_commit_callbacks(execute=True):
        listed = send(script, "get", "contact-requests").json()["results"]
    assert len(listed) == 2
    send(script, "get", f"contact-requests/{listed[0]['reference']}")
    with nord.inside():
        assert (
            said("contactrequest.read") == [("contactrequest.read", "coordinator@nord.example")] * 2
        )


@pytest.mark.parametrize("path", ["contact-requests", "ideas"])
def test_a_long_list_is_noted_in_one_statement(
    nord: District, path: str, django_assert_max_num_queries: Any
) -> None:
    with nord.inside():
        for number in range(20):
            who = {"name": "x", "email": f"{number}@x.example", "phone": ""}
            contact.record_call(team=None, message="Eine Bank, bitte.", actor=ACTOR, **who)
            ideas.record_call(title="Bank", description="Eine Bank.", actor=ACTOR, **who)
    script = with_token(nord)
    with django_assert_max_num_queries(14):
        assert len(send(script, "get", path).json()["results"]) == 20
    kind = "idea" if path == "ideas" else "contactrequest"
    with nord.inside():
        assert len(said(f"{kind}.read")) == 20


def test_who_may_not_read_it_is_not_noted_as_a_reader(nord: District, sued: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        number = ContactRequest.objects.get().pk
    for client in (nord.signed_in("editor"), nord.client(), sued.signed_in("coordinator")):
        client.get(f"/koordination/contact/contactrequest/{number}/change/")
    send(with_token(nord, "editor"), "get", "contact-requests")
    with nord.inside():
        assert not said("contactrequest.read")


def test_a_script_that_moves_or_answers_one_has_read_it(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        path = f"contact-requests/{ContactRequest.objects.get().reference}"
    script = with_token(nord)
    with django_capture_on_commit_callbacks(execute=True):
        # Its answer shows the whole request, so what is refused counts for nothing.
        assert send(script, "patch", path, {"state": "nichts"}).status_code == 400
        assert send(script, "patch", path, {"state": "taken"}).json()["conversation"]
    with nord.inside():
        assert said("contactrequest.read") == [("contactrequest.read", "coordinator@nord.example")]


def test_what_was_rolled_back_is_noted_the_next_time(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        found = ContactRequest.objects.get()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert reading.note(found, actor=ACTOR)
            _ = 1 / 0
        with django_capture_on_commit_callbacks(execute=True):
            assert reading.note(found, actor=ACTOR)
        assert not reading.note(found, actor=ACTOR)
        assert len(said("contactrequest.read")) == 1
