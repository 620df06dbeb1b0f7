"""Dates of the demo: there whenever it is started, with all that a visitor may meet."""

import pytest
import time_machine

from directory.events import examples, rules
from directory.events.models import Event, Occurrence
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tests.cast import District
from wiq import examples as declared


@pytest.mark.parametrize("now", ["2027-03-01 09:00:00+01:00", "2028-02-29 23:30:00+01:00"])
def test_dates_of_the_demo_lie_around_the_day_on_which_they_are_made(
    nord: District, sued: District, now: str
) -> None:
    with time_machine.travel(now, tick=False), nord.inside():
        for shown in (*examples.WESTEN, *examples.OSTEN):
            if shown.solution_team:
                SolutionTeam.objects.get_or_create(
                    slug=shown.solution_team, defaults={"name": shown.solution_team}
                )
        assert Team.objects.filter(slug="unterstuetzungsteam").exists()
        declared.make("leipziger-westen")
        assert Event.objects.count() == len(examples.WESTEN)
        coming = Occurrence.objects.coming()
        assert coming.taking_place().count() > 10
        assert [row.word for row in coming if row.is_cancelled] == ["Es hat genug geregnet."]
        assert Occurrence.objects.count() > coming.count()
        assert {rules.rhythm_of(event.rule, event.day) for event in Event.objects.all()} >= {
            rules.ONCE, rules.WEEKLY, rules.TWO_WEEKS, rules.MONTHLY,
        }  # fmt: skip
    with sued.inside():
        declared.make("sued")
        assert not Event.objects.filter(title=examples.WESTEN[0].texts["title"]).exists()
