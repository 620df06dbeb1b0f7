"""Dates on the pages and in the mails of other rooms, and registering for one."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.contact import helped
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


@pytest.mark.parametrize("path", ["/", "/aushang/"])
def test_what_comes_every_week_leaves_room_for_others(nord: District, path: str) -> None:
    put(nord, rule=WEEKLY, solution_team=nord.solution_team("baeume"))
    later = date(2027, 2, 2)
    put(nord, title="Versammlung", day=later)
    shown = nord.client().get(path).content.decode()
    assert shown.count("Gießrunde") == 1
    assert "Versammlung" in shown


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


def test_a_resident_registers_and_takes_it_back_and_everywhere_it_is_called_so(
    nord: District,
) -> None:
    event = put(nord, solution_team=nord.solution_team("baeume"), needs_registration=True)
    visitor, origin = nord.client(), {"origin": f"http://{nord.host}"}
    page = visitor.get(f"/termine/{event.pk}/").content.decode()
    assert f'href="/kontakt/?termin={event.pk}">Anmelden<' in page
    words = visitor.get(f"/kontakt/?termin={event.pk}").content.decode()
    assert "<h1>Anmelden</h1>" in words
    assert "Nachricht" not in words.partition("<main")[2].partition("</main>")[0]
    plain = visitor.get(f"/kontakt/einfach/?termin={event.pk}").content.decode()
    assert "Hier melden Sie sich an für: <strong>Gießrunde" in plain
    typed = form(team=None, email="kommt@dabei.example", message="2", occasion=f"termin:{event.pk}")
    empty = visitor.post("/kontakt/", typed | {"message": " "}, headers=origin)
    assert empty.status_code == 422
    assert "mit wie vielen Sie kommen" in empty.content.decode()
    answer = visitor.post("/kontakt/", typed, headers=origin)
    assert answer.status_code == 303, answer.content.decode()
    thanks = visitor.get(answer["Location"]).content.decode()
    for text in ("Danke, Ihre Anmeldung ist angekommen", "Gießrunde, Dienstag", "Ich komme nicht"):
        assert text in thanks, text
    with nord.inside():
        sent = ContactRequest.objects.get(email="kommt@dabei.example")
        mails = {mail.kind: mail for mail in Message.objects.about(sent)}
        team, own = mails["contact.team"], mails["contact.confirmation"]
        assert team.subject.startswith("Neue Anmeldung")
        assert own.subject == f"Ihre Anmeldung {sent.reference} ist angekommen"
        for text in (team.text, team.html):
            assert "eine Anmeldung zu einem Termin gekommen" in text
        for text in (own.text, own.html):
            assert "Gießrunde, Dienstag" in text
            assert "Anfrage" not in text
    desk = nord.signed_in("coordinator")
    assert (
        "Anmeldung zu:" in desk.get(f"/koordination/posteingang/{sent.reference}/").content.decode()
    )
    assert "Gießrunde, Dienstag" in desk.get("/koordination/posteingang/").content.decode()
    status = answer["Location"].partition("?")[0]
    assert visitor.post(status, {"was": "erledigt"}, headers=origin).status_code == 303
    with nord.inside():
        told = Message.objects.about(sent).get(kind="contact.settled")
        assert told.subject == f"Abmeldung: {sent.reference}"
        assert "Ich komme nicht." in told.text
    assert "Ich komme doch" in visitor.get(status).content.decode()


def test_nobody_is_asked_whether_the_answer_to_a_registration_helped(nord: District) -> None:
    with nord.inside():
        now = timezone.now()
        for kind in ("attend", "message"):
            ContactRequest.objects.create(
                name=kind, email=f"{kind}@dabei.example", message="2", kind=kind,
                state="answered", answered_at=now - timedelta(days=8),
            )  # fmt: skip
        helped.ask_due()
        asked = Message.objects.filter(kind="contact.helped").values_list("to", flat=True)
        assert list(asked) == ["message@dabei.example"]
