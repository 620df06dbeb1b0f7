"""Dates: by what rule they come, at which hour, and what becomes of a single one."""

from datetime import UTC, date, time, timedelta
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from directory.events import rules, services
from directory.events.models import Event, Occurrence
from tests import logins
from tests.audited import said
from tests.cast import ACTOR, District

# A Tuesday.
NOW = "2026-12-01 10:00:00+01:00"
FIRST = date(2026, 12, 8)
WEEKLY = "FREQ=WEEKLY;UNTIL=20270430"


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def put(district: District, **changes: Any) -> Event:
    """Announce an event of a district."""
    fields = {"title": "Gießrunde", "place": "Kanal", "day": FIRST, "time": time(18)} | changes
    with district.inside():
        return services.announce(actor=ACTOR, **fields)


def refused(district: District, **changes: Any) -> dict[str, list[str]]:
    """Return what is said about an event that can't be announced."""
    with pytest.raises(ValidationError) as raised:
        put(district, **changes)
    with district.inside():
        assert not Event.objects.filter(title="Gießrunde").exists()
    return raised.value.message_dict


def test_weekly_at_six_stays_at_six_over_the_change_of_clocks(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19, 30))
    with nord.inside():
        rows = list(event.occurrences.in_order())
        assert [row.day for row in rows] == [FIRST + timedelta(weeks=n) for n in range(21)]
        assert {f"{row.starts_at:%H:%M}" for row in rows} == {"18:00"}
        # In UTC an hour earlier from 28 March on.
        assert [f"{row.starts_at.astimezone(UTC):%H}" for row in (rows[0], rows[-1])] == [
            "17",
            "16",
        ]
        assert event.last_day == date(2027, 4, 27)


def test_a_rule_is_kept_as_calendars_read_it(nord: District) -> None:
    spelled = {
        "FREQ=WEEKLY;UNTIL=20270430": "FREQ=WEEKLY;UNTIL=20270430T215959Z",
        "rrule:until=20270430T170000Z;interval=2;freq=weekly": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270430T215959Z",
        "FREQ=MONTHLY;BYDAY=2TU;COUNT=3": "FREQ=MONTHLY;BYDAY=2TU;COUNT=3",
        "": "",
    }  # fmt: skip
    for typed, kept in spelled.items():
        assert rules.checked(typed, FIRST) == kept
        assert rules.checked(kept, FIRST) == kept
    assert rules.days("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", FIRST) == [
        FIRST, date(2027, 1, 12), date(2027, 2, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"end_time": time(17)}, "end_time", "Das Ende liegt vor dem Beginn"),
        ({"end_day": FIRST - timedelta(days=1)}, "end_day", "Der letzte Tag liegt vor dem ersten"),
        ({"day": date(26, 12, 8)}, "day", "vier Ziffern"),
        ({"day": date(2030, 1, 1)}, "day", "So weit im Voraus geht es nicht"),
        (
            {"day": date(2027, 3, 28), "time": time(2, 30)},
            "time",
            "gibt es am 28.\xa0März 2027 nicht",
        ),
        ({"day": date(2027, 10, 31), "time": time(2, 30)}, "time", "2027 zweimal"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, "rule", "29.\N{NO-BREAK SPACE}Februar"),
        ({"rule": "FREQ=WEEKLY"}, "rule", "bis wann"),
        ({"rule": "FREQ=WEEKLY;COUNT=1000"}, "rule", "mehr als 520"),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA;UNTIL=20281130"}, "rule", "mehr als 520"),
        ({"rule": "FREQ=WEEKLY;UNTIL=99991231"}, "rule", "So weit im Voraus"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20261201"}, "rule", "bevor der erste"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20270231"}, "rule", "kein Tag"),
        ({"rule": "FREQ=WEEKLY;BYDAY=SU;UNTIL=20270430"}, "rule", "nicht auf einem Tag"),
        ({"rule": "FREQ=MONTHLY;BYDAY=5TU;UNTIL=20270430"}, "rule", "einen fünften"),
        ({"rule": "FREQ=SECONDLY;COUNT=9"}, "rule", "jede Woche, alle zwei Wochen"),
        ({"rule": "jeden Dienstag"}, "rule", "lässt sich nicht lesen"),
        ({"title": ""}, "title", ""),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_by_its_field(
    nord: District, changes: dict[str, Any], field: str, words: str
) -> None:
    found = refused(nord, **changes)
    assert list(found) == [field]
    assert words in found[field][0]


def test_a_series_over_the_hour_that_clocks_skip_is_refused_with_its_day(nord: District) -> None:
    found = refused(nord, day=date(2026, 12, 6), time=time(2, 30), rule=WEEKLY)
    assert "28.\xa0März 2027" in found["time"][0]


def test_one_date_is_moved_or_cancelled_with_a_word_and_taken_back(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19))
    with nord.inside():
        first, second, *_rest = event.occurrences.in_order()
        services.move_date(
            first, day=date(2026, 12, 9), time=time(17), word="Der Saal ist besetzt.", actor=ACTOR
        )
        services.cancel_date(second, word="Es stürmt.", actor=ACTOR)
        with pytest.raises(ValidationError, match="warum"):
            services.cancel_date(second, word="  ", actor=ACTOR)
        shown = list(Occurrence.objects.published().coming()[:2])
        assert [(row.day, row.is_moved, row.is_cancelled) for row in shown] == [
            (date(2026, 12, 9), True, False), (date(2026, 12, 15), False, True),
        ]  # fmt: skip
        event.refresh_from_db()
        assert event.sequence == 2
        services.change(event, place="Park", time=time(16), actor=ACTOR)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.time, second.time, second.word) == (time(17), time(16), "Es stürmt.")
        services.take_back_date(first, actor=ACTOR)
        first.refresh_from_db()
        assert (first.day, first.time, first.change, first.word) == (FIRST, time(16), "", "")
        assert [action for action, _who in said("event.")] == [
            "event.created", "event.date_moved", "event.date_cancelled", "event.updated",
            "event.date_taken_back",
        ]  # fmt: skip


def test_what_is_over_stays_as_it_was_when_a_series_changes(nord: District) -> None:
    event = put(nord, rule=WEEKLY)
    with time_machine.travel("2026-12-20 10:00:00+01:00", tick=False), nord.inside():
        services.change(event, time=time(17), rule="FREQ=WEEKLY;UNTIL=20261229", actor=ACTOR)
        rows = [(row.day.day, row.time.hour) for row in event.occurrences.in_order()]
        assert rows == [(8, 18), (15, 18), (22, 17), (29, 17)]


def test_a_date_stays_until_midnight_of_its_last_day(nord: District) -> None:
    put(nord, end_day=FIRST + timedelta(days=2), end_time=time(12))
    for moment, count in (("2026-12-10 23:59:00+01:00", 1), ("2026-12-11 00:01:00+01:00", 0)):
        with time_machine.travel(moment, tick=False), nord.inside():
            assert Occurrence.objects.published().coming().count() == count
            assert Occurrence.objects.published().past_of(2026).count() == 1 - count


def test_a_cancelled_event_can_take_place_after_all(nord: District) -> None:
    event = put(nord, rule=WEEKLY)
    with nord.inside():
        services.cancel(event, word="Der Winter ist zu hart.", actor=ACTOR)
        assert not Occurrence.objects.published().taking_place().exists()
        assert Occurrence.objects.published().first().why == "Der Winter ist zu hart."
        services.take_back(event, actor=ACTOR)
        assert Occurrence.objects.published().taking_place().count() == 21
        uid = event.uid
        event.refresh_from_db()
        assert (event.uid, event.sequence) == (uid, 2)


def test_dates_of_teams_that_nobody_may_see_are_not_shown(nord: District, sued: District) -> None:
    shown = put(nord, solution_team=nord.solution_team("baeume"))
    put(nord, solution_team=nord.solution_team("entwurf"))
    put(nord, team=nord.team("geheim"))
    with nord.inside():
        assert list(Event.objects.published()) == [shown]
        assert [row.event for row in Occurrence.objects.published()] == [shown]
        assert Occurrence.objects.published().about(["umwelt"]).count() == 1
        assert Occurrence.objects.published().about(["begegnung"]).count() == 0
    with sued.inside():
        assert not Event.objects.exists()


def test_an_event_belongs_to_one_team(nord: District) -> None:
    both = {"team": nord.team(), "solution_team": nord.solution_team()}
    assert "nicht beides" in str(refused(nord, **both))


def test_five_hundred_dates_are_written_in_few_statements(nord: District) -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20281129"
    with nord.inside(), CaptureQueriesContext(connection) as statements:
        event = services.announce(title="Suppe", day=FIRST, time=time(12), rule=rule, actor=ACTOR)
    assert len(statements) < 32
    with nord.inside():
        assert 510 < event.occurrences.count() <= rules.MOST
        assert rules.horizon() == date(2026, 12, 1) + relativedelta(months=24)


def test_of_two_who_announce_at_once_the_second_is_counted_after_the_first(nord: District) -> None:
    with logins.connect(logins.APP) as other, nord.inside():
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{nord.row.schema_name} events of one"],
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(OperationalError):
            put(nord)
        assert not Event.objects.exists()
        other.rollback()
        put(nord)
        assert Event.objects.count() == 1
