"""The pages of dates: what is coming by day, a month, what was, and one date alone."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.events import services
from tests.cast import ACTOR, District
from tests.events.test_dates import FIRST, NOW, WEEKLY, put


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def page(district: District, path: str) -> str:
    answer = district.client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_what_is_coming_is_shown_by_day_and_nothing_of_hidden_teams_or_next_door(
    nord: District, sued: District
) -> None:
    event = put(nord, title_en="Watering", solution_team=nord.solution_team("baeume"))
    put(nord, title="Probe", solution_team=nord.solution_team("entwurf"))
    listed = page(nord, "/termine/")
    assert "Gießrunde" in listed
    assert "Dienstag, 8.\xa0Dezember 2026" in listed
    assert "Probe" not in listed
    assert "Watering" in page(nord, "/en/termine/")
    assert "Gießrunde" in page(nord, f"/termine/{event.pk}/")
    assert "Gießrunde" not in page(sued, "/termine/")
    assert sued.client().get(f"/termine/{event.pk}/").status_code == 404


def test_a_series_shows_its_rhythm_and_what_is_different_with_the_word(nord: District) -> None:
    event = put(nord, rule=WEEKLY, bring="Eine Kanne", needs_registration=True)
    with nord.inside():
        first, second, *_rest = event.occurrences.in_order()
        services.cancel_date(first, word="Es stürmt.", actor=ACTOR)
        services.move_date(
            second, day=second.day, time=time(17), word="Der Saal ist voll.", actor=ACTOR
        )
    shown = page(nord, f"/termine/{event.pk}/")
    for words in ("Jede Woche: Dienstag", "Es stürmt.", "Der Saal ist voll.", "Eine Kanne",
                  f"?termin={event.pk}", "17:00"):  # fmt: skip
        assert words in shown, words
    listed = page(nord, "/termine/")
    assert "fällt aus" in listed
    assert "Es stürmt." in listed


def test_the_list_is_narrowed_to_a_fokus_a_team_a_month_and_a_year_that_is_over(
    nord: District,
) -> None:
    put(nord, solution_team=nord.solution_team("baeume"))
    put(nord, title="Sprechstunde", team=nord.team(), day=date(2027, 1, 5))
    put(nord, title="Sommerfest", day=date(2026, 7, 1))
    for query, there, gone in (
        ("", "Sprechstunde", "Sommerfest"),
        ("?fokus=umwelt", "Gießrunde", "Sprechstunde,"),
        ("?von=team.unterstuetzungsteam", "Sprechstunde", "Gießrunde"),
        ("?von=loesungsteam.baeume", "Gießrunde", ">Sprechstunde"),
        ("?monat=2027-01", "Sprechstunde", "Gießrunde"),
        ("?jahr=2026", "Sommerfest", "Gießrunde"),
        ("?monat=2027-13&jahr=0026&seite=x&von=nichts", "Gießrunde", "Sommerfest"),
    ):
        shown = page(nord, f"/termine/{query}")
        assert there in shown, query
        assert gone not in shown, query


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        ("2026-12", True, True),
        ("2026-01", False, True),
        ("1990-05", False, False),
        ("2028-12", True, False),
        ("9998-12", False, False),
    ],
)
def test_months_lead_on_only_as_far_as_something_can_stand_there(
    nord: District, month: str, before: bool, after: bool
) -> None:
    put(nord, title="Sommerfest", day=date(2026, 7, 1))
    shown = page(nord, f"/termine/?monat={month}")
    assert ("Monat davor" in shown, "Monat danach" in shown) == (before, after)


def test_pages_of_a_thousand_dates_cost_six_statements_at_most(nord: District) -> None:
    tree = nord.solution_team("baeume")
    rule = "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA;UNTIL=20281129"
    event = put(nord, rule=rule, solution_team=tree)
    put(nord, title="Noch eine", rule=rule, team=nord.team())
    put(nord, title="Vorbei", day=FIRST - timedelta(days=30))
    for path in ("/termine/", "/termine/?seite=20", "/termine/?monat=2027-03&fokus=umwelt",
                 "/termine/?jahr=2026", f"/termine/{event.pk}/"):  # fmt: skip
        page(nord, path)
        with CaptureQueriesContext(connection) as statements:
            page(nord, path)
        asked = [one["sql"] for one in statements if "search_path" not in one["sql"].lower()]
        assert len(asked) <= 6, (path, asked)
