"""The main menu of the public pages: what rooms declare, and dates only where there are some."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.events import services
from directory.people import services as people
from directory.solutions import services as solutions
from directory.solutions.choices import TeamState
from tenants.districts import lookup, public_menu
from tests.cast import ACTOR, District
from tests.events.test_dates import NOW, WEEKLY, put
from wiq import declaration_checks as checks
from wiq.rooms import PublicEntry
from wiq.web.public_menu import Question, questions

ALWAYS = ["Menschen", "Lösungsteams", "Neuigkeiten", "Ihre Idee", "Kontakt"]
WITH_DATES = ["Menschen", "Lösungsteams", "Termine", "Neuigkeiten", "Ihre Idee", "Kontakt"]


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def menu(district: District, path: str = "/impressum/") -> list[str]:
    """Return the words of a page's main menu, as after the commit."""
    lookup.forget_all()
    page = district.client().get(path).content.decode()
    found = re.search(r'<nav aria-label="(?:Hauptmenü|Main menu)">(.*?)</nav>', page, re.DOTALL)
    assert found, path
    return re.findall(r"<a [^>]*>([^<]*)</a>", found[1])


def test_dates_stand_in_the_menu_of_the_district_that_has_some(
    nord: District, sued: District
) -> None:
    assert menu(nord) == ALWAYS
    event = put(nord)
    assert menu(nord) == WITH_DATES
    assert menu(nord, "/en/impressum/")[2] == "Events"
    assert menu(sued) == ALWAYS
    marked = 'href="/termine/" aria-current="page"'
    for path in ("/termine/", "/termine/?monat=2026-12", f"/termine/{event.pk}/"):
        assert marked in nord.client().get(path).content.decode(), path
    assert marked not in nord.client().get("/").content.decode()
    with nord.inside():
        services.remove(event, actor=ACTOR)
    assert menu(nord) == ALWAYS


def test_a_cancelled_date_and_one_that_is_over_can_still_be_seen(nord: District) -> None:
    event = put(nord)
    with nord.inside():
        services.cancel(event, word="Frost", actor=ACTOR)
    assert menu(nord) == WITH_DATES
    with time_machine.travel("2027-12-01 10:00:00+01:00", tick=False), nord.inside():
        services.forget_over()
        assert menu(nord) == WITH_DATES
    with time_machine.travel("2027-12-10 10:00:00+01:00", tick=False), nord.inside():
        services.forget_over()
        assert menu(nord) == ALWAYS


def test_dates_of_a_team_that_is_hidden_or_deleted_leave_the_menu(nord: District) -> None:
    put(nord, solution_team=nord.solution_team("entwurf"))
    assert menu(nord) == ALWAYS
    put(nord, team=nord.team())
    assert menu(nord) == WITH_DATES
    with nord.inside():
        team = nord.team()
        team.is_published = False
        people.save(team, actor=ACTOR)
    assert menu(nord) == ALWAYS
    with nord.inside():
        draft = nord.solution_team("entwurf")
        solutions.set_state(draft, TeamState.RUNNING, reason="Es geht los.", actor=ACTOR)
    assert menu(nord) == WITH_DATES
    with nord.inside():
        solutions.remove(nord.solution_team("entwurf"), actor=ACTOR)
    assert menu(nord) == ALWAYS


def test_the_menu_is_right_at_once_when_the_write_is_committed(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    assert menu(nord) == ALWAYS
    with django_capture_on_commit_callbacks(execute=True):
        put(nord)
    assert 'href="/termine/"' in nord.client().get("/impressum/").content.decode()


def test_no_page_asks_the_database_for_its_menu(nord: District) -> None:
    def asked(path: str) -> list[str]:
        menu(nord, path)
        with CaptureQueriesContext(connection) as statements:
            nord.client().get(path)
        return [one["sql"] for one in statements]

    before = {path: len(asked(path)) for path in ("/impressum/", "/kontakt/", "/en/")}
    put(nord, day=date(2026, 7, 1))
    for path, count in before.items():
        found = asked(path)
        # The start page shows what comes next by a statement of its own, before and after.
        assert len(found) == count, found


def test_the_night_mends_what_nobody_noted(nord: District) -> None:
    put(nord, rule=WEEKLY)
    with nord.inside():
        assert public_menu.note() == 0
        nord_row = type(nord.row).objects.filter(pk=nord.row.pk)
        nord_row.update(in_menu=[])
        assert public_menu.note() == 1
    assert nord.row.in_menu == ["events:list"]


@pytest.mark.parametrize(
    "entries",
    [
        (PublicEntry("Nichts", "videos:list", "videos", 777),),
        (PublicEntry("Zweimal", "pages:news", "news", 300),),
    ],
)
def test_an_entry_is_a_page_and_has_its_own_place(
    monkeypatch: pytest.MonkeyPatch, entries: tuple[PublicEntry, ...]
) -> None:
    assert checks.check_public_menu(None) == []
    monkeypatch.setattr(type(apps.get_app_config("videos")), "public_menu", entries)
    assert {message.id for message in checks.check_public_menu(None)} == {"wiq.E023"}


def test_a_question_is_about_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    stray = [*questions, Question("pages:glossary", lambda: True)]
    monkeypatch.setattr(questions, "_items", stray)
    assert [message.id for message in checks.check_public_menu(None)] == ["wiq.E023"]
