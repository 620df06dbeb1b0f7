"""Dates that are over stay a year, go with their team, and come back by nobody's change."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from directory.events import services
from directory.events.models import Event, Occurrence
from directory.people import services as people
from directory.solutions import services as solutions
from tests.audited import details, said
from tests.cast import ACTOR, District
from tests.events.test_dates import FIRST, NOW, put

LONG = "FREQ=WEEKLY;UNTIL=20281128"


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_series_that_goes_on_loses_its_first_dates_and_no_change_brings_them_back(
    nord: District, sued: District
) -> None:
    event = put(nord, rule=LONG)
    put(sued)
    once = put(nord, title="Einmal")
    with time_machine.travel("2027-12-16 03:00:00+01:00", tick=False), nord.inside():
        # 8 and 15 December are over for a year, and with the first the event that came once.
        assert services.forget_over() == 4
        assert list(Event.objects.all()) == [event]
        first = event.occurrences.in_order().first()
        assert (first.day, event.occurrences.count()) == (date(2026, 12, 22), 102)
        assert details("event.forgotten") == [{"dates": 3, "events": 1}]
        services.change(Event.objects.get(), place="Park", actor=ACTOR)
        assert event.occurrences.count() == 102
        assert services.forget_over() == 0
        assert [action for action, _who in said("event.")].count("event.forgotten") == 1
    with sued.inside():
        assert Event.objects.count() == 1
    assert nord.client().get(f"/termine/{once.pk}/").status_code == 404
    assert nord.client().get("/termine/?jahr=2026").status_code == 200


def test_what_is_over_for_more_than_a_year_is_not_announced_any_more(nord: District) -> None:
    with pytest.raises(ValidationError, match="ein Jahr zurück"):
        put(nord, day=FIRST - timedelta(days=400))
    put(nord, day=FIRST - timedelta(days=360))
    with nord.inside():
        assert Event.objects.count() == 1


def test_dates_go_with_their_team_and_are_hidden_while_it_is(nord: District) -> None:
    of_trees = put(nord, solution_team=nord.solution_team("baeume"))
    of_team = put(nord, team=nord.team())
    paths = [f"/termine/{event.pk}/" for event in (of_trees, of_team)]
    assert [nord.client().get(path).status_code for path in paths] == [200, 200]
    with nord.inside():
        solutions.set_state(nord.solution_team("baeume"), "draft", actor=ACTOR)
        team = nord.team()
        team.is_published = False
        people.save(team, actor=ACTOR)
    assert [nord.client().get(path).status_code for path in paths] == [404, 404]
    assert "Gießrunde" not in nord.client().get("/termine/").content.decode()
    with nord.inside():
        solutions.remove(nord.solution_team("baeume"), actor=ACTOR)
        assert list(Event.objects.all()) == [of_team]
        assert not Occurrence.objects.exclude(event=of_team).exists()


def test_a_day_that_was_moved_counts_from_where_it_went(nord: District) -> None:
    event = put(nord)
    with nord.inside():
        row = event.occurrences.get()
        services.move_date(row, day=date(2027, 1, 8), time=time(18), word="Saal", actor=ACTOR)
    with time_machine.travel("2027-12-20 03:00:00+01:00", tick=False), nord.inside():
        assert services.forget_over() == 0
    with time_machine.travel("2028-01-08 03:00:00+01:00", tick=False), nord.inside():
        assert services.forget_over() == 2
