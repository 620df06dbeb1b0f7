"""Calendars of dates: read again by programs of others, and asked again without being sent."""

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.events import clock, services
from directory.events.models import Event
from directory.solutions import services as solutions
from tests.cast import ACTOR, District
from tests.events.test_dates import FIRST, NOW, WEEKLY, put


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def text(district: District, path: str = "/termine/termine.ics") -> str:
    answer = district.client().get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return str(answer.content.decode())


def entries(district: District, path: str = "/termine/termine.ics") -> list[Any]:
    """Return the entries of a calendar, as a parser of others reads them."""
    return list(vobject.readOne(text(district, path)).contents.get("vevent", []))


def changed_series(district: District) -> Event:
    """Announce a series; its first date is cancelled and its second one moved."""
    event = put(district, rule=WEEKLY, end_time=time(19, 30), text="Wir gießen; alle, gern.")
    with district.inside():
        first, second, *_rest = event.occurrences.in_order()
        services.cancel_date(first, word="Es stürmt.", actor=ACTOR)
        services.move_date(
            second, day=second.day + timedelta(1), time=time(17), word="Saal", actor=ACTOR
        )
    return event


def test_a_series_is_a_rule_with_its_zone_and_what_differs(nord: District) -> None:
    event = changed_series(nord)
    whole = vobject.readOne(text(nord))
    assert [zone.tzid.value for zone in whole.contents["vtimezone"]] == ["Europe/Berlin"]
    series, cancelled, moved = entries(nord)
    assert {entry.uid.value for entry in (series, cancelled, moved)} == {event.uid}
    assert series.rrule.value == "FREQ=WEEKLY;UNTIL=20270430T215959Z"
    assert series.dtstart.value.utcoffset() == timedelta(hours=1)
    days = [moment.date() for moment in series.rruleset]
    with nord.inside():
        planned = event.occurrences.order_by("original_day")
        assert days == list(planned.values_list("original_day", flat=True))
    assert (series.status.value, cancelled.status.value) == ("CONFIRMED", "CANCELLED")
    assert cancelled.summary.value == "Fällt aus: Gießrunde"
    assert "Es stürmt." in cancelled.description.value
    assert "Wir gießen; alle, gern." in series.description.value
    assert moved.contents["recurrence-id"][0].value.date() == FIRST + timedelta(7)
    assert moved.dtstart.value.astimezone(UTC) == datetime(2026, 12, 16, 16, tzinfo=UTC)


def test_programs_that_know_no_zones_see_the_same_hour_all_year(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19, 30))
    whole = text(nord)
    assert f"TZID:{settings.TIME_ZONE}" in whole
    told = tzical(StringIO(whole)).get(settings.TIME_ZONE)
    read: Any = vobject.readOne(whole).vtimezone.tzinfo
    here = timezone.get_default_timezone()
    # Hours around every change of clocks, as far as dates may reach and beyond.
    begins = [date(year, month, 24) for year in range(2024, 2040) for month in (3, 6, 10)]
    for day, hours in product(begins, range(24 * 9)):
        moment = datetime.combine(day, time()) + timedelta(hours=hours)
        wall = moment.date(), moment.time()
        if clock.exists(*wall) and not clock.exists_twice(*wall):
            offset = moment.replace(tzinfo=here).utcoffset()
            for zone in (told, read):
                assert moment.replace(tzinfo=zone).utcoffset() == offset, (zone, moment)
    with nord.inside():
        expected = [row.starts_at.timestamp() for row in event.occurrences.in_order()]
    (series,) = entries(nord)
    first = series.dtstart.value.replace(tzinfo=None)
    days = rrulestr(series.rrule.value.partition(";UNTIL")[0] + ";COUNT=21", dtstart=first)
    assert [day.replace(tzinfo=read).timestamp() for day in days] == expected


def test_the_number_rises_with_every_change_and_the_name_stays(nord: District) -> None:
    event = put(nord)
    numbers = []

    def note() -> None:
        (entry,) = entries(nord)
        assert entry.uid.value == event.uid
        numbers.append(int(entry.sequence.value))

    note()
    with nord.inside():
        services.change(event, title="Gießen", actor=ACTOR)
    note()
    with nord.inside():
        (row,) = event.occurrences.all()
        services.move_date(row, day=FIRST, time=time(17), word="Früher", actor=ACTOR)
    note()
    with nord.inside():
        services.cancel(event, word="Frost", actor=ACTOR)
    note()
    (entry,) = entries(nord)
    assert (entry.status.value, entry.summary.value) == ("CANCELLED", "Fällt aus: Gießen")
    with nord.inside():
        services.take_back(event, actor=ACTOR)
    note()
    assert numbers == sorted(set(numbers))
    assert entries(nord)[0].status.value == "CONFIRMED"


def test_each_team_and_each_date_has_a_calendar_of_its_own(nord: District, sued: District) -> None:
    trees = put(nord, solution_team=nord.solution_team("baeume"), title_en="Watering")
    team = put(nord, title="Sprechstunde", team=nord.team())
    put(nord, title="Probe", solution_team=nord.solution_team("entwurf"))

    def titles(path: str, district: District = nord) -> list[str]:
        return sorted(entry.summary.value for entry in entries(district, path))

    assert titles("/termine/termine.ics") == ["Gießrunde", "Sprechstunde"]
    assert titles("/en/termine/termine.ics") == ["Sprechstunde", "Watering"]
    assert titles("/loesungsteams/baeume/termine.ics") == ["Gießrunde"]
    assert titles("/loesungsteams/fest/termine.ics") == []
    assert titles("/menschen/unterstuetzungsteam/termine.ics") == ["Sprechstunde"]
    assert titles(f"/termine/{team.pk}/termin.ics") == ["Sprechstunde"]
    assert titles("/termine/termine.ics", sued) == []
    for path in ("/loesungsteams/entwurf/termine.ics", "/menschen/nichts/termine.ics"):
        assert nord.client().get(path).status_code == 404, path
    assert sued.client().get(f"/termine/{trees.pk}/termin.ics").status_code == 404


def test_a_calendar_goes_on_under_a_new_short_name(nord: District) -> None:
    put(nord, solution_team=nord.solution_team("baeume"))
    with nord.inside():
        team = nord.solution_team("baeume")
        team.slug = "strassenbaeume"
        solutions.save(team, actor=ACTOR)
    answer = nord.client().get("/loesungsteams/baeume/termine.ics")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/loesungsteams/strassenbaeume/termine.ics"


def test_pages_lead_to_their_calendars(nord: District) -> None:
    event = put(nord, solution_team=nord.solution_team("baeume"), team=None)
    put(nord, title="Sprechstunde", team=nord.team())
    host = "webcal://nord.localhost:8000"
    for path, link in (
        ("/termine/", f"{host}/termine/termine.ics"),
        (f"/termine/{event.pk}/", f"/termine/{event.pk}/termin.ics"),
        ("/loesungsteams/baeume/", f"{host}/loesungsteams/baeume/termine.ics"),
        ("/menschen/unterstuetzungsteam/", f"{host}/menschen/unterstuetzungsteam/termine.ics"),
    ):
        assert f'href="{link}"' in nord.client().get(path).content.decode(), path


def test_a_calendar_of_many_costs_six_statements_and_is_the_same_an_hour_later(
    nord: District,
) -> None:
    for number in range(5):
        put(nord, title=f"Reihe {number}", rule=WEEKLY)
    for path in ("/termine/termine.ics", "/termine/feed/"):
        before = nord.client().get(path)
        assert before.headers["Cache-Control"] == "public, no-cache"
        with CaptureQueriesContext(connection) as statements:
            nord.client().get(path)
        asked = [one["sql"] for one in statements if "search_path" not in one["sql"].lower()]
        assert len(asked) <= 6, asked
        with time_machine.travel("2026-12-01 11:00:00+01:00", tick=False):
            assert nord.client().get(path).content == before.content


def test_what_was_kept_no_longer_is_no_date_of_the_rule(nord: District) -> None:
    event = put(nord, rule=WEEKLY)
    with nord.inside():
        event.occurrences.filter(original_day=FIRST).delete()
    (series,) = entries(nord)
    assert FIRST not in [moment.date() for moment in series.rruleset]
    assert date(2026, 12, 15) in [moment.date() for moment in series.rruleset]


# That of requirements/test.txt, and an older one where a system's own packages brought it.
KHALS = [str(Path(sys.executable).parent), "/usr/bin"]


@pytest.mark.thorough
@pytest.mark.parametrize("folder", KHALS, ids=["ours", "of the system"])
def test_khal_shows_what_our_calendar_says(nord: District, tmp_path: Path, folder: str) -> None:
    found = shutil.which("khal", path=folder)
    if found is None and folder != KHALS[0]:
        pytest.skip("no khal among the system's own programs")
    assert found, "khal comes with requirements/test.txt"
    program: str = found
    changed_series(nord)
    file = tmp_path / "termine.ics"
    file.write_text(text(nord))
    config = tmp_path / "config"
    config.write_text(
        f"[calendars]\n[[wiq]]\npath = {tmp_path / 'kept'}\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    (tmp_path / "kept").mkdir()

    def khal(*words: str) -> str:
        return subprocess.run(
            [program, "-c", str(config), *words], capture_output=True, text=True, check=True
        ).stdout

    khal("import", "--batch", "-a", "wiq", str(file))
    shape = ["--format", "{start} {title}", "--day-format", ""]
    shown = khal("list", *shape, "2026-12-01", "2027-05-10").splitlines()
    assert "2026-12-16 17:00 Gießrunde" in shown
    assert "2026-12-15 18:00 Gießrunde" not in shown
    assert "2026-12-08 18:00 Gießrunde" not in shown
    assert "2027-04-27 18:00 Gießrunde" in shown
    assert "2026-12-08 18:00 Fällt aus: Gießrunde" in shown
    assert len(shown) == 21
