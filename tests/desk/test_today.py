"""The desk's first page lists what needs somebody, for whoever may do something about it."""

from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from directory.people.consents import Consent
from directory.solutions import services as solutions
from tests.cast import ACTOR, District, form, idea_form
from wiq.outbox.models import Pointer, State


def page(district: District, role: str = "coordinator") -> str:
    response = district.signed_in(role).get("/koordination/")
    assert response.status_code == 200
    return response.content.decode()


def test_open_requests_and_ideas_are_listed_by_age(nord: District) -> None:
    for name in ("Erste", "Zweite"):
        nord.client().post("/kontakt/", form(name=name))
    nord.client().post("/idee/", idea_form(title="Neue Bank"))
    text = page(nord)
    assert "Offene Kontaktanfragen (2)" in text
    assert text.index("Erste an") < text.index("Zweite an")
    assert "Offene Ideen (1)" in text
    assert "Neue Bank" in text
    assert "seit heute" in text


def test_missing_consents_unconfirmed_teams_and_legal_gaps_are_listed(nord: District) -> None:
    text = page(nord)
    assert "Einwilligungen einholen (1)" in text
    assert "Cem Nordviertel" in text
    assert "Lösungsteams: Stimmt das noch? (1)" in text
    assert "noch nie bestätigt" in text
    assert "Träger des Quartiers" in text
    with nord.inside():
        solutions.confirm(nord.solution_team(), actor=ACTOR)
        Consent.objects.to_be_asked_for().delete()
    text = page(nord)
    assert "Stimmt das noch? (" not in text
    assert "Einwilligungen einholen (" not in text


def test_mails_that_do_not_arrive_are_listed_and_not_another_districts(
    nord: District, sued: District
) -> None:
    nord.client().post("/kontakt/", form())
    sued.client().post("/kontakt/", form())
    Pointer.objects.filter(district_id=sued.row.pk).update(state=State.DEAD, done_at=Now())
    assert "E-Mails, die nicht ankommen (" not in page(nord)
    Pointer.objects.filter(district_id=nord.row.pk).update(state=State.DEAD, done_at=Now())
    text = page(nord)
    assert "E-Mails, die nicht ankommen (2)" in text
    assert "erika@beispiel.example" in text


def test_an_editor_sees_only_what_an_editor_may_do(nord: District) -> None:
    nord.client().post("/kontakt/", form(name="Vertraulich"))
    nord.client().post("/idee/", idea_form(title="Vertraulich"))
    text = page(nord, "editor")
    assert "Vertraulich" not in text
    assert "Einwilligungen" not in text
    assert "Stimmt das noch? (1)" in text


def test_the_desk_of_a_district_knows_nothing_of_the_other(nord: District, sued: District) -> None:
    sued.client().post("/kontakt/", form(name="Aus dem Süden"))
    assert "Süd" not in page(nord)


def test_the_list_of_requests_needs_no_statement_a_row(nord: District) -> None:
    client = nord.signed_in("coordinator")
    counts = []
    for number in range(8):
        nord.client(**{"x-forwarded-for": "x"}).post("/kontakt/", form(name=f"N{number}"))
        if number in (0, 7):
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/koordination/contact/contactrequest/")
            assert "wartet, wartet" in page.content.decode()
            counts.append(len(queries))
    assert counts[0] == counts[1]
