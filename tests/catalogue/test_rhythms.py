"""How often a solution team meets: told in the catalogue, and taken over without a single date."""

from datetime import date, time
from typing import Any

import pytest
import time_machine

from directory.events import services as events
from directory.events.models import Event
from directory.solutions.models import SolutionTeam
from tenants.catalogue import services
from tenants.catalogue.models import SharedSolution
from tests.cast import ACTOR, District
from tests.catalogue.test_catalogue import DESK, catalogue, share
from tests.events.test_dates import NOW

SUNDAY = date(2026, 12, 6)
SUNDAYS = {"title": "Gießrunde", "day": SUNDAY, "time": time(15),
           "rule": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270430"}  # fmt: skip
SAID = "Gießrunde – Alle zwei Wochen: Sonntag, 15:00\xa0Uhr"


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def put(district: District, **changes: Any) -> Event:
    with district.inside():
        team = district.solution_team("baeume")
        return events.announce(actor=ACTOR, solution_team=team, **(SUNDAYS | changes))


def test_another_district_takes_the_rhythm_and_no_date(nord: District, sued: District) -> None:
    put(nord)
    put(nord, title="Fest", rule="")
    share(nord, approach="Wir gießen.")
    assert SAID in catalogue()
    assert "Fest" not in catalogue()
    desk = sued.signed_in("editor")
    assert SAID in desk.get(DESK).content.decode()
    desk.post(DESK, {"nummer": SharedSolution.objects.get().pk})
    with sued.inside():
        copy = SolutionTeam.objects.get(slug="gruene-baeume-nordviertel")
        told = f"Wir gießen.\n\nSo oft treffen sie sich in „Nordviertel“:\n{SAID}"
        assert copy.approach.replace("\xa0", " ") == told.replace("\xa0", " ")
        assert not Event.objects.exists()


def test_the_catalogue_follows_every_change_of_a_series(nord: District) -> None:
    share(nord)
    event = put(nord)
    assert SAID in catalogue()
    with nord.inside():
        events.change(event, time=time(16, 30), actor=ACTOR)
    assert "16:30\xa0Uhr" in catalogue()
    with nord.inside():
        events.cancel(event, word="Frost", actor=ACTOR)
    assert "Gießrunde" not in catalogue()
    with nord.inside():
        events.take_back(event, actor=ACTOR)
    assert "Gießrunde" in catalogue()
    with nord.inside():
        events.change(Event.objects.get(), solution_team=None, actor=ACTOR)
    assert "Gießrunde" not in catalogue()
    put(nord)
    with nord.inside():
        events.remove(Event.objects.order_by("pk").last(), actor=ACTOR)
    assert "Gießrunde" not in catalogue()


def test_a_text_that_is_full_is_taken_as_it_is(nord: District, sued: District) -> None:
    put(nord)
    share(nord, approach="x" * 3990)
    number = SharedSolution.objects.get().pk
    with sued.inside():
        copy = services.copy(number, actor=ACTOR)
        assert copy.approach == "x" * 3990
