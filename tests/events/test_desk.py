"""Dates at the desk: in plain words, refused beside the field, one day moved or cancelled."""

from datetime import date, time
from typing import Any

import pytest
import time_machine

from directory.events.models import Event
from tests.cast import District
from tests.events.test_dates import NOW, WEEKLY, put

ADD = "/koordination/events/event/add/"
TYPED = {
    "title": "Gießrunde", "title_en": "", "text": "Alle mit Kanne.", "text_en": "", "place": "",
    "bring": "", "bring_en": "", "day": "2026-12-08", "time": "18:00", "end_day": "",
    "end_time": "19:30", "rhythm": "weekly", "until": "2027-04-30", "team": "", "solution_team": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_an_editor_announces_a_series_in_plain_words(nord: District) -> None:
    editor = nord.signed_in("editor")
    assert editor.post(ADD, TYPED).status_code == 302
    with nord.inside():
        event = Event.objects.get()
        assert event.rule == "FREQ=WEEKLY;UNTIL=20270430T215959Z"
        assert event.occurrences.count() == 21
    # Heute asks for the place; the form shows what was typed, in the same words.
    assert "Termine ohne Ort" in editor.get("/koordination/").content.decode()
    shown = editor.get(f"/koordination/events/event/{event.pk}/change/")
    assert shown.context["adminform"].form["rhythm"].initial == "weekly"
    assert nord.client().post(ADD, TYPED).status_code == 302  # to sign in
    with nord.inside():
        assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"until": ""}, "until", "bis wann"),
        ({"until": "0027-04-30"}, "until", "vier Ziffern"),
        ({"until": "2040-01-01"}, "until", "So weit im Voraus"),
        ({"rhythm": ""}, "until", "einmal stattfindet"),
        ({"rhythm": "monthly_last"}, "until", "nicht auf einem Tag"),
        ({"day": "0026-12-08", "rhythm": "", "until": ""}, "day", "vier Ziffern"),
        ({"end_time": "17:00"}, "end_time", "Das Ende liegt vor dem Beginn"),
        ({"day": "2027-03-28", "time": "02:30"}, "time", "vorgestellt"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    nord: District, changes: dict[str, str], field: str, words: str
) -> None:
    answer = nord.signed_in("coordinator").post(ADD, TYPED | changes)
    form = answer.context["adminform"].form
    assert words in str(form.errors[field])
    assert form["text"].value() == "Alle mit Kanne."
    with nord.inside():
        assert not Event.objects.exists()


def test_one_day_is_cancelled_and_another_moved_by_buttons(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19))
    url = f"/koordination/events/event/{event.pk}/change/"
    desk = nord.signed_in("editor")
    with nord.inside():
        first, second, *_rest = event.occurrences.in_order()
    refused = desk.post(url, {"_act": "day:cancel", "day-which": str(first.pk), "day-word": ""})
    assert "Bitte schreiben Sie kurz, warum" in refused.content.decode()
    desk.post(url, {"_act": "day:cancel", "day-which": str(first.pk), "day-word": "Glatteis."})
    sent = {"day-which": str(second.pk), "day-word": "Der Saal ist voll.", "day-day": "2026-12-16"}
    desk.post(url, {"_act": "day:move", **sent})
    with nord.inside():
        rows = {row.pk: row for row in event.occurrences.all()}
        assert (rows[first.pk].change, rows[first.pk].word) == ("cancelled", "Glatteis.")
        assert (rows[second.pk].day, rows[second.pk].time) == (date(2026, 12, 16), time(18))
        assert rows[second.pk].end_day == date(2026, 12, 16)
    desk.post(url, {"_act": "all:cancel", "all-word": "Der Kanal ist gesperrt."})
    assert "Der Kanal ist gesperrt." in nord.client().get("/termine/").content.decode()
