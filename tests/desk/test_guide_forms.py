"""The forms of the guide: one button keeps all that was typed, and nobody overwrites the unseen."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from directory.pages import legal
from directory.people import services as people
from directory.people.models import Seat
from directory.solutions.models import SolutionTeam
from tenants.districts import services as districts
from tenants.districts.models import Operator
from tests.cast import ACTOR, District
from tests.desk.test_guide import GUIDE, LEGAL, OPERATOR
from tests.editing.opened import fields_of, opened
from tests.hostile.test_redraw import photo

KNOWN = {
    "legal_name": "Stadt Nord", "address": "Markt 1", "representative": "Kim Nord",
    "email": "stadt@nord.example", "phone": "0341 1", "news_editor": "Kim Nord, Markt 1",
    "data_protection_officer": "Büro Recht",
}  # fmt: skip


@pytest.fixture
def desk(nord: District) -> Client:
    return nord.signed_in("coordinator")


def together(desk: Client, step: str, fields: dict[str, Any]) -> Any:
    """Press the one button of a step."""
    return desk.post(f"{GUIDE}{step}/", fields | {"was": "alles"})


def shared(nord: District, sued: District, **changes: Any) -> Operator:
    """Give both districts the same Träger."""
    operator = districts.save_operator(
        Operator(**KNOWN | {"is_public_body": True} | changes), actor=ACTOR
    )
    for district in (nord, sued):
        districts.update(
            district.row, actor=ACTOR, operator=operator,
            accessibility_checked_on=timezone.localdate(),
        )  # fmt: skip
    return operator


@pytest.mark.parametrize("step", ["traeger", "auftritt", "unterstuetzungsteam", "steuerungsteam"])
def test_a_step_has_one_button_that_saves(desk: Client, step: str) -> None:
    page = desk.get(f"{GUIDE}{step}/").content.decode()
    assert page.count('name="was"') == 1
    assert 'name="was" value="alles"' in page


def test_one_button_saves_the_traeger_and_what_is_said_of_accessibility(
    nord: District, desk: Client
) -> None:
    assert together(desk, "traeger", OPERATOR | LEGAL).status_code == 302
    row = nord.row
    assert row.operator.legal_name == "Verein West e. V."
    assert f"{row.accessibility_checked_on:%Y-%m-%d}" == "2026-11-02"


def test_one_button_saves_words_and_pictures(nord: District, desk: Client) -> None:
    fields = opened(desk, f"{GUIDE}auftritt/") | {
        "look-intro": "Hier geht was.", "pictures-header_alt": "Der Kanal",
        "pictures-header_picture": SimpleUploadedFile("kanal.jpg", photo()),
    }  # fmt: skip
    assert together(desk, "auftritt", fields).status_code == 302
    row = nord.row
    assert (row.intro, row.header_alt) == ("Hier geht was.", "Der Kanal")
    assert row.header_picture.name


def test_a_mistake_in_one_half_loses_nothing_of_the_other(nord: District, desk: Client) -> None:
    wrong = together(desk, "traeger", OPERATOR | LEGAL | {"operator-email": "verein"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    # The button is far below: what is wrong stands above everything, with a way to it.
    assert "Noch nicht gespeichert" in page
    assert page.index('href="#id_operator-email"') < page.index('id="id_operator-legal_name"')
    assert fields_of(page)["legal-accessibility_checked_on"] == "2026-11-02"
    assert fields_of(page)["operator-legal_name"] == "Verein West e. V."
    assert nord.row.operator is None
    assert nord.row.accessibility_checked_on is None
    assert together(desk, "traeger", fields_of(page) | {"operator-email": "v@nord.example"})
    assert nord.row.accessibility_checked_on is not None


def test_a_file_is_asked_for_again_where_something_else_was_wrong(
    nord: District, desk: Client
) -> None:
    fields = opened(desk, f"{GUIDE}auftritt/") | {
        "look-colour": "blau", "pictures-logo": SimpleUploadedFile("logo.jpg", photo()),
    }  # fmt: skip
    answer = together(desk, "auftritt", fields)
    assert answer.status_code == 422
    assert "noch einmal aus" in answer.content.decode()
    assert not nord.row.logo


def test_who_knows_no_traeger_yet_saves_the_rest(nord: District, desk: Client) -> None:
    fields = opened(desk, f"{GUIDE}traeger/") | LEGAL
    assert together(desk, "traeger", fields).status_code == 302
    assert nord.row.operator is None
    assert nord.row.accessibility_checked_on is not None


@pytest.mark.parametrize(
    ("step", "field", "typed", "change", "now"),
    [
        ("traeger", "legal-accessibility_gaps", "Meins.", "accessibility_gaps", "Ihres."),
        ("auftritt", "look-intro", "Meins.", "intro", "Ihres."),
        ("auftritt", "pictures-header_alt", "Meins.", "header_alt", "Ihres."),
    ],
)
def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_overwritten(
    nord: District, desk: Client, step: str, field: str, typed: str, change: str, now: str
) -> None:
    fields = opened(desk, f"{GUIDE}{step}/") | {field: typed}
    districts.update(nord.row, actor=ACTOR, **{change: now})
    late = together(desk, step, fields)
    page = late.content.decode()
    assert late.status_code == 422
    assert "Jemand war schneller" in page
    assert f"Jetzt steht dort: {now}" in page
    assert getattr(nord.row, change) == now
    assert together(desk, step, fields_of(page)).status_code == 302
    assert getattr(nord.row, change) == typed


def test_a_team_and_the_traeger_are_not_overwritten_unseen_either(
    nord: District, desk: Client
) -> None:
    operator = districts.save_operator(Operator(**KNOWN), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=operator)
    typed = {
        "traeger": {"operator-phone": "0341 2"},
        "unterstuetzungsteam": {"team-description": "Meins."},
    }
    fields = {step: opened(desk, f"{GUIDE}{step}/") | words for step, words in typed.items()}
    operator.phone = "0341 3"
    districts.save_operator(operator, actor=ACTOR)
    with nord.inside():
        team = nord.team()
        team.description = "Ihres."
        people.save(team, actor=ACTOR)
    for step, sent in fields.items():
        late = together(desk, step, sent)
        assert late.status_code == 422, step
        assert "Jemand war schneller" in late.content.decode(), step


def test_a_seat_that_nobody_touched_here_keeps_what_somebody_chose_meanwhile(
    nord: District, desk: Client
) -> None:
    with nord.inside():
        free = Seat.objects.exclude(state="named").get()
        before, other = free.state, "vacant" if free.state == "taken" else "taken"
    fields = opened(desk, f"{GUIDE}steuerungsteam/")
    assert fields[f"seat-{free.pk}-state"] == before
    with nord.inside():
        Seat.objects.filter(pk=free.pk).update(state=other)
    late = together(desk, "steuerungsteam", fields | {"team-description": "Meins."})
    assert late.status_code == 422
    with nord.inside():
        assert Seat.objects.get(pk=free.pk).state == other
        assert nord.team("steuerungsteam").description != "Meins."


@pytest.mark.parametrize("gap", ["address", "representative", "email", "phone", "news_editor",
                                 "data_protection_officer"])  # fmt: skip
def test_whoever_is_asked_for_something_of_a_shared_traeger_can_give_it_there(
    nord: District, sued: District, desk: Client, gap: str
) -> None:
    shared(nord, sued, **{gap: ""})
    asked = desk.get("/koordination/").content.decode()
    assert "im Leitfaden ergänzen" in asked
    assert "/koordination/leitfaden/traeger/" in asked
    fields = opened(desk, f"{GUIDE}traeger/")
    of_the_operator = {name for name in fields if name.startswith("operator-")}
    assert of_the_operator == {f"operator-{gap}", "operator-seen_version"}
    assert together(desk, "traeger", fields | {f"operator-{gap}": KNOWN[gap]}).status_code == 302
    assert getattr(Operator.objects.get(), gap) == KNOWN[gap]
    assert legal.missing(nord.row) == []
    districts.lookup.forget_all()  # as after the commit
    assert "im Leitfaden ergänzen" not in desk.get("/koordination/").content.decode()


def test_what_is_known_of_a_shared_traeger_stays_whatever_is_sent(
    nord: District, sued: District, desk: Client
) -> None:
    shared(nord, sued, phone="")
    sent = {"operator-phone": "0341 7", "operator-legal_name": "Fremde Stadt",
            "operator-email": "fremd@beispiel.example"}  # fmt: skip
    assert together(desk, "traeger", opened(desk, f"{GUIDE}traeger/") | sent).status_code == 302
    kept = Operator.objects.get()
    assert (kept.legal_name, kept.email, kept.phone) == (
        "Stadt Nord",
        "stadt@nord.example",
        "0341 7",
    )
    assert desk.post(f"{GUIDE}traeger/", {"was": "operator", **sent}).status_code == 404
    with pytest.raises(ValidationError, match="Jemand war schneller"):
        districts.complete_operator(kept, actor=ACTOR, phone="0341 8")


@pytest.mark.parametrize(("sent", "day"), [({"first-is_public": "on"}, True), ({}, False)])
def test_a_team_made_in_the_guide_is_confirmed_once_it_is_shown(
    nord: District, desk: Client, sent: dict[str, str], day: bool
) -> None:
    first = {"was": "first", "first-name": "Bank", "first-challenge": "a", "first-approach": "b"}
    assert desk.post(f"{GUIDE}loesungsteam/", first | sent).status_code == 302
    with nord.inside():
        team = SolutionTeam.objects.get(name="Bank")
        assert (team.confirmed_at == timezone.localdate()) is day
        assert team not in SolutionTeam.objects.unconfirmed_since(timezone.localdate())


def test_the_code_is_asked_for_first_and_where_it_went_is_said(
    nord: District, desk: Client
) -> None:
    before = desk.get(f"{GUIDE}postfach/").content.decode()
    assert "Code aus der E-Mail" not in before
    desk.post(f"{GUIDE}postfach/", {"was": "mailbox", "mailbox-email": "neu@nord.example"})
    page = desk.get(f"{GUIDE}postfach/").content.decode()
    assert "Der Code ging an neu@nord.example." in page
    assert page.index("Code aus der E-Mail") < page.index("E-Mail-Adresse des Unterstützungsteams")


def test_what_is_wrong_is_said_once_where_a_step_is_short(nord: District, desk: Client) -> None:
    desk.post(f"{GUIDE}postfach/", {"was": "mailbox", "mailbox-email": "neu@nord.example"})
    wrong = desk.post(f"{GUIDE}postfach/", {"was": "code", "code-code": "12"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert page.count("Dieser Code stimmt nicht") == 1
    assert "Noch nicht gespeichert" not in page
    said = re.search(r'<p [^>]*role="alert"[^>]*>Dieser Code stimmt nicht', page)
    assert said is not None
