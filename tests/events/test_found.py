"""Dates for search engines and feed readers."""

import json
import re
from datetime import date, time
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine

from directory.events import services
from tests.cast import ACTOR, District
from tests.events.test_dates import FIRST, NOW, WEEKLY, put

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_search_engines_are_told_each_date_with_what_became_of_it(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19), text="</script><b>Tee</b>")
    with nord.inside():
        first, second, *_rest = event.occurrences.in_order()
        services.cancel_date(first, word="Es stürmt.", actor=ACTOR)
        services.move_date(second, day=second.day, time=time(17), word="Saal", actor=ACTOR)
    shown = nord.client().get(f"/termine/{event.pk}/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown)
    assert found
    one, two, three, *_rest = json.loads(found[1])
    assert [each["eventStatus"].rpartition("/")[2] for each in (one, two, three)] == [
        "EventCancelled", "EventRescheduled", "EventScheduled",
    ]  # fmt: skip
    assert one["startDate"] == f"{FIRST}T18:00:00+01:00"
    assert two["previousStartDate"] == "2026-12-15T18:00:00+01:00"
    assert (three["@type"], three["location"]["name"]) == ("Event", "Kanal")
    assert three["endDate"] == "2026-12-22T19:00:00+01:00"
    assert three["description"] == "</script><b>Tee</b>"
    assert three["url"] == f"http://nord.localhost:8000/termine/{event.pk}/"


def test_the_feed_names_what_was_announced_or_changed_last(nord: District, sued: District) -> None:
    first = put(nord, rule=WEEKLY)
    put(nord, title="Probe", solution_team=nord.solution_team("entwurf"))
    put(nord, title="Vorbei", day=date(2026, 11, 1))
    with time_machine.travel("2026-12-01 11:00:00+01:00"):
        put(nord, title="Hoffest", title_en="Yard party", day=FIRST)

    def titles(path: str = "/termine/feed/", district: District = nord) -> list[str | None]:
        answer = district.client().get(path)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
        return [entry.findtext(f"{ATOM}title") for entry in entries]

    assert titles() == ["Hoffest", "Gießrunde"]
    assert titles("/en/termine/feed/") == ["Yard party", "Gießrunde"]
    assert titles(district=sued) == []
    with time_machine.travel("2026-12-01 12:00:00+01:00"), nord.inside():
        services.cancel(first, word="Frost", actor=ACTOR)
    assert titles() == ["Fällt aus: Gießrunde", "Hoffest"]


def test_pages_of_dates_name_feed_and_calendar_in_their_heads(nord: District) -> None:
    event = put(nord)
    for path in ("/termine/", f"/termine/{event.pk}/"):
        head = nord.client().get(path).content.decode().partition("</head>")[0]
        assert 'type="application/atom+xml" title="Termine" href="/termine/feed/"' in head
        assert 'type="text/calendar" title="Termine" href="/termine/termine.ics"' in head


def test_headings_of_the_list_leave_out_no_level(nord: District) -> None:
    put(nord)
    put(nord, title="Sommerfest", day=date(2026, 7, 1))
    for query in ("", "?monat=2026-12", "?jahr=2026", "?monat=2027-07"):
        shown = nord.client().get(f"/termine/{query}").content.decode()
        levels = [int(level) for level in re.findall(r"<h(\d)", shown)]
        assert levels[0] == 1, query
        assert all(after - before <= 1 for before, after in pairwise(levels))
