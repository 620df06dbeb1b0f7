"""What people meet who try everything: clocks, long texts, odd rules, dates that fall out."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from django.core.exceptions import ValidationError

from directory.events import rules, services
from directory.people import services as people
from tests.cast import ACTOR, District
from tests.events.test_calendars import entries, text
from tests.events.test_dates import FIRST, NOW, WEEKLY, put, refused
from tests.events.test_pages import page


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_page_of_what_falls_out_says_so_with_its_day_and_why(nord: District) -> None:
    whole, day = put(nord, title="Fest"), put(nord, title="Runde")
    series = put(nord, title="Reihe", rule="FREQ=WEEKLY;COUNT=2")
    with nord.inside():
        services.cancel(whole, word="Es stürmt.", actor=ACTOR)
        for event in (day, series):
            for row in event.occurrences.all():
                services.cancel_date(row, word="Es stürmt.", actor=ACTOR)
    for event, words in (
        (whole, "Dieser Termin fällt aus."),
        (day, "Dieser Termin fällt aus."),
        (series, "Die nächsten Termine fallen aus."),
    ):
        shown = page(nord, f"/termine/{event.pk}/")
        for said in (words, "Es stürmt.", "Dienstag, 8.\xa0Dezember 2026", "Kanal"):
            assert said in shown, (event, said)
        assert "In den Kalender" not in shown
    feed = page(nord, "/termine/feed/")
    assert feed.count("Fällt aus: ") == 3
    with time_machine.travel("2027-01-10 10:00:00+01:00", tick=False):
        assert "Dieser Termin ist ausgefallen." in page(nord, f"/termine/{day.pk}/")
        assert "vorbei" not in page(nord, f"/termine/{day.pk}/")


def test_what_lasts_for_days_stands_in_each_month_and_on_each_day(nord: District) -> None:
    put(nord, title="Ausstellung", day=date(2026, 12, 28), end_day=date(2027, 1, 3))
    for month, days in (("2026-12", 4), ("2027-01", 3)):
        shown = page(nord, f"/termine/?monat={month}")
        table = shown[shown.index("<table") : shown.index("</table>")]
        assert table.count("Ausstellung") == days, month
        assert "Ausstellung" in shown[shown.index("</table>") :]
    assert "Ausstellung" not in page(nord, "/termine/?monat=2027-02")


def test_weekdays_are_kept_once_and_told_as_people_say_them(nord: District) -> None:
    event = put(nord, rule="FREQ=WEEKLY;BYDAY=SU,TU,WE,TU;UNTIL=20270430")
    assert event.rule == "FREQ=WEEKLY;BYDAY=TU,WE,SU;UNTIL=20270430T215959Z"
    assert "Jede Woche: Dienstag, Mittwoch und Sonntag" in page(nord, f"/termine/{event.pk}/")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000",
        "FREQ=MINUTELY;INTERVAL=1;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;COUNT=1000000",
        "FREQ=WEEKLY;COUNT=99999999999999999999999999",
        "FREQ=WEEKLY;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;UNTIL=00010101",
        "FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=-1;COUNT=5",
        "FREQ=WEEKLY;COUNT=5;BYHOUR=1,2,3,4",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=5",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=५",
        "FREQ=WEEKLY;COUNT=5\r\nATTENDEE:mailto:boese@example.org",
        "FREQ=WEEKLY;FREQ=DAILY;COUNT=5",
        "FREQ=WEEKLY;COUNT=5;" + "X=1;" * 60,
    ],
)
def test_a_rule_that_would_never_end_or_says_more_is_refused_at_once(
    nord: District, rule: str
) -> None:
    assert list(refused(nord, rule=rule)) == ["rule"]


def test_a_date_is_not_moved_to_where_it_would_be_deleted_by_night(nord: District) -> None:
    event = put(nord)
    with nord.inside():
        (row,) = event.occurrences.all()
        for day in (date(1950, 1, 1), date(2025, 11, 30)):
            with pytest.raises(ValidationError, match="mehr als ein Jahr zurück"):
                services.move_date(row, day=day, time=time(18), word="Früher", actor=ACTOR)
        services.move_date(
            row, day=date(2026, 11, 24), time=time(18), word="Doch früher", actor=ACTOR
        )


@pytest.mark.parametrize(
    ("day", "begins", "end_day", "ends", "hours"),
    [
        # Over midnight, into the night of each change of clocks, and over it.
        (date(2026, 12, 31), time(22), date(2027, 1, 1), time(2), 4),
        (date(2027, 3, 27), time(22), date(2027, 3, 28), time(4), 5),
        (date(2027, 10, 30), time(22), date(2027, 10, 31), time(4), 7),
        (date(2027, 3, 28), time(1, 59), None, time(3), None),
        (date(2027, 10, 31), time(1, 59), None, time(3), None),
    ],
)
def test_a_night_is_as_long_as_clocks_make_it(
    nord: District, day: date, begins: time, end_day: date | None, ends: time, hours: int | None
) -> None:
    event = put(nord, day=day, time=begins, end_day=end_day, end_time=ends)
    (entry,) = entries(nord)
    lasts = entry.dtend.value - entry.dtstart.value
    with nord.inside():
        row = event.occurrences.get()
        assert (row.starts_at, row.ends_at) == (entry.dtstart.value, entry.dtend.value)
    if hours is not None:
        seconds = entry.dtend.value.timestamp() - entry.dtstart.value.timestamp()
        assert seconds == hours * 3600, lasts
    assert begins.strftime("%H:%M") in page(nord, f"/termine/{event.pk}/")


@pytest.mark.parametrize(("day", "at"), [("2027-03-28", time(2, 30)), ("2027-10-31", time(2, 30))])
def test_no_date_ends_in_an_hour_that_is_not_there_or_there_twice(
    nord: District, day: str, at: time
) -> None:
    last = date.fromisoformat(day)
    found = refused(nord, day=last - timedelta(days=1), end_day=last, end_time=at)
    assert list(found) == ["end_time"]


ODD = "Töpfe; Pfannen, \\Zeichen\\ & <b>fett</b> 👩‍👩‍👧‍👦🪴"
LONG = "Straßenbaumgießkannenverleihstationseröffnungsfeier" * 60


def test_odd_words_arrive_everywhere_as_they_were_typed(nord: District) -> None:
    words = f"{ODD}\r\nBEGIN:VEVENT\r\nSUMMARY:Falsch\r\n" + LONG[:2500]
    link = "javascript:alert(1)"
    event = put(nord, title=ODD, text=words, place=link, bring=ODD, rule=WEEKLY)
    (entry,) = [one for one in entries(nord) if one.uid.value == event.uid]
    assert entry.summary.value == ODD
    assert entry.location.value == link
    assert entry.description.value.startswith(f"{ODD}\nBEGIN:VEVENT\nSUMMARY:Falsch\n")
    raw = text(nord)
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= 75
    assert raw.replace("\r\n", "").count("\n") == raw.replace("\r\n", "").count("\r") == 0
    assert len(icalendar.Calendar.from_ical(raw).walk("VEVENT")) == 1
    for path in ("/termine/", "/", f"/termine/{event.pk}/", "/termine/?monat=2026-12",
                 "/termine/feed/"):  # fmt: skip
        shown = page(nord, path)
        assert "<b>fett" not in shown, path
        assert 'href="javascript' not in shown, path
    shown = page(nord, f"/termine/{event.pk}/")
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    assert ODD in json.dumps(json.loads(told), ensure_ascii=False).replace("\\\\", "\\")


def test_dates_of_a_hidden_team_are_nowhere_and_cannot_be_registered_for(
    nord: District, sued: District
) -> None:
    event = put(nord, team=nord.team(), needs_registration=True, title="Sprechstunde")
    paths = ("/termine/", "/termine/?monat=2026-12", "/", "/termine/termine.ics",
             "/termine/feed/", f"/kontakt/?termin={event.pk}", "/aushang/")  # fmt: skip
    for path in paths:
        assert "Sprechstunde" in page(nord, path), path
    with nord.inside():
        team = nord.team()
        team.is_published = False
        people.save(team, actor=ACTOR)
    for path in paths:
        assert "Sprechstunde" not in page(nord, path), path
    for path in (f"/termine/{event.pk}/", f"/termine/{event.pk}/termin.ics",
                 "/menschen/unterstuetzungsteam/termine.ics"):  # fmt: skip
        assert nord.client().get(path).status_code == 404, path
    assert "Sprechstunde" not in page(sued, f"/kontakt/?termin={event.pk}")
    assert sued.client().get(f"/api/v1/events/{event.pk}/").status_code == 404


def test_where_only_past_ones_are_left_the_page_says_what_was(nord: District) -> None:
    event = put(nord, title="Sommerfest", day=date(2026, 7, 1))
    listed = page(nord, "/termine/")
    assert "Gerade ist nichts angekündigt." in listed
    assert "Was schon war:" in listed
    assert "Sommerfest" in page(nord, "/termine/?jahr=2026")
    shown = page(nord, f"/termine/{event.pk}/")
    assert "Dieser Termin ist vorbei." in shown
    assert "Mittwoch, 1.\xa0Juli 2026" in shown
    assert "Anmelden" not in shown
    with nord.inside():
        assert rules.horizon() > FIRST
