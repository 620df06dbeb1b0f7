"""Dates on the pages and in the mails of other rooms, and registering for one."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.events import services
from directory.following import services as following
from directory.following.models import Subscription
from directory.solutions import services as solutions
from tests.cast import ACTOR, District, form
from tests.events.test_dates import NOW, WEEKLY, put
from wiq.mail.models import Message


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_what_comes_next_stands_on_profiles_start_and_posters_within_six_statements(
    nord: District, sued: District
) -> None:
    put(nord, rule=WEEKLY, solution_team=nord.solution_team("baeume"))
    put(nord, title="Sprechstunde", team=nord.team())
    for path, words, not_there in (
        ("/", "Als Nächstes", None),
        ("/loesungsteams/baeume/", "Gießrunde", "Sprechstunde"),
        ("/loesungsteams/fest/", "Nachbarschaftsfest", "Gießrunde"),
        ("/menschen/unterstuetzungsteam/", "Sprechstunde", "Gießrunde"),
        ("/loesungsteams/baeume/aushang/", "Gießrunde", "Sprechstunde"),
        ("/aushang/", "Sprechstunde", None),
        ("/neuigkeiten/", "/termine/", None),
    ):
        nord.client().get(path)
        with CaptureQueriesContext(connection) as statements:
            answer = nord.client().get(path)
        shown = answer.content.decode()
        assert answer.status_code == 200, path
        assert words in shown, path
        assert not_there is None or not_there not in shown, path
        asked = [one["sql"] for one in statements if "search_path" not in one["sql"].lower()]
        assert len(asked) <= 6, (path, asked)
    assert "Als Nächstes" not in sued.client().get("/").content.decode()


def test_the_news_mail_says_what_comes_next_and_no_cancelled_date(nord: District) -> None:
    gone = put(nord, title="Fällt aus", solution_team=nord.solution_team("baeume"))
    event = put(nord, title="Gießrunde & Tee", solution_team=nord.solution_team("baeume"))
    put(nord, title="Fremdes", team=nord.team())
    with nord.inside():
        services.cancel(gone, word="Frost", actor=ACTOR)
        team = nord.solution_team("baeume")
        subscription = Subscription.objects.create(
            email="termine@folgt.example", solution_team=team, language="de",
            confirmed_at=timezone.now(), told_until=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        solutions.add_update(actor=ACTOR, solution_team=team, text="Wir gießen wieder.")
    with time_machine.travel("2026-12-02 10:00:00+01:00"), nord.inside():
        following.tell_all()
        mail = Message.objects.about(subscription).get()
        assert "Als Nächstes:" in mail.text
        assert "Gießrunde & Tee" in mail.text
        assert f"/termine/{event.pk}/" in mail.text
        assert "Gießrunde &amp; Tee" in mail.html
        assert "Fällt aus" not in mail.text
        assert "Fremdes" not in mail.text


def test_registering_is_a_request_of_its_kind_to_whoever_invites(nord: District) -> None:
    event = put(nord, solution_team=nord.solution_team("baeume"), needs_registration=True)
    url = f"/kontakt/?termin={event.pk}"
    shown = nord.client().get(url).content.decode()
    assert "Gießrunde, Dienstag, 8.\xa0Dezember 2026, 18:00\xa0Uhr" in shown
    typed = form(team=None, email="anmelden@kommt.example", occasion=f"termin:{event.pk}")
    answer = nord.client().post("/kontakt/", typed, headers={"origin": f"http://{nord.host}"})
    assert answer.status_code == 303, answer.content.decode()
    with nord.inside():
        sent = ContactRequest.objects.get(email="anmelden@kommt.example")
        assert (sent.kind, sent.solution_team) == ("attend", nord.solution_team("baeume"))
        mail = Message.objects.about(sent).get(kind="contact.team")
        assert mail.to == "baeume@nord.example"
        assert "Wozu:    Gießrunde, Dienstag" in mail.text
        services.cancel(event, word="Frost", actor=ACTOR)
    gone = nord.client().get(url).content.decode()
    assert "gibt es hier nicht mehr" in gone
    again = nord.client().post("/kontakt/", typed, headers={"origin": f"http://{nord.host}"})
    assert again.status_code == 422
    assert "Dazu kann man sich nicht mehr anmelden" in again.content.decode()
