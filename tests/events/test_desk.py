"""Dates at the desk: in plain words, refused beside the field, one day moved or cancelled."""

from datetime import date, time
from typing import Any

import pytest
import time_machine

from directory.events import services
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
        (
            {"day": "2027-10-31", "time": "02:30", "rhythm": "", "until": ""},
            "time",
            "zurückgestellt",
        ),
        # A series over the hour that there is not: on a Sunday in March, 16 weeks later.
        ({"day": "2026-12-06", "time": "02:30", "end_time": ""}, "time", "28.\xa0März 2027"),
        ({"end_day": "2026-12-07"}, "end_day", "Der letzte Tag liegt vor dem ersten"),
        ({"end_day": "2027-02-07"}, "end_day", "höchstens einen Monat"),
        ({"day": "2026-02-29", "rhythm": "", "until": ""}, "day", ""),
        ({"day": "2024-02-29", "rhythm": "", "until": ""}, "day", "mehr als ein Jahr zurück"),
        ({"day": "9999-12-31", "rhythm": "", "until": ""}, "day", "So weit im Voraus"),
        ({"day": "0001-01-01", "rhythm": "", "until": ""}, "day", "vier Ziffern"),
        ({"until": "2028-12-02"}, "until", "So weit im Voraus"),
        ({"until": "2026-12-07"}, "until", "bevor der erste"),
        ({"day": "2026-12-29", "rhythm": "monthly"}, "until", "einen fünften"),
        ({"rhythm": "yearly"}, "rhythm", ""),
        ({"time": "25:00"}, "time", ""),
        ({"text": "Alle mit Kanne." + "x" * 3000}, "text", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    nord: District, changes: dict[str, str], field: str, words: str
) -> None:
    answer = nord.signed_in("coordinator").post(ADD, TYPED | changes)
    form = answer.context["adminform"].form
    assert words in str(form.errors[field])
    assert str(form["text"].value()).startswith("Alle mit Kanne.")
    assert {name: form[name].value() for name in changes} == changes
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


def test_more_than_a_thousand_dates_of_a_team_are_refused_and_nothing_typed_is_lost(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_ONE", 25)
    put(nord, title="Erste", rule=WEEKLY)
    answer = nord.signed_in("editor").post(ADD, TYPED)
    form = answer.context["adminform"].form
    assert "höchstens 25 Tage" in str(form.errors["rhythm"])
    assert form["text"].value() == "Alle mit Kanne."
    with nord.inside():
        assert Event.objects.get().title == "Erste"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day-day": "0001-01-01"}, "vier Ziffern"),
        ({"day-day": "0026-12-16"}, "vier Ziffern"),
        ({"day-day": "9999-12-31"}, "So weit im Voraus"),
        ({"day-day": "2027-03-28", "day-time": "02:30"}, "vorgestellt"),
        ({"day-day": "2027-10-31", "day-time": "02:30"}, "zurückgestellt"),
        ({"day-day": "2026-12-16", "day-time": "20:00"}, "Das Ende liegt vor dem Beginn"),
        ({"day-day": "31.02.2027"}, ""),
        ({}, "Wohin soll der Tag?"),
    ],
)
def test_a_day_that_cannot_be_moved_so_says_why_and_keeps_what_was_typed(
    nord: District, typed: dict[str, str], words: str
) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19))
    with nord.inside():
        first = event.occurrences.in_order().first()
    url = f"/koordination/events/event/{event.pk}/change/"
    sent = {"_act": "day:move", "day-which": str(first.pk), "day-word": "Der Saal ist voll."}
    answer = nord.signed_in("editor").post(url, sent | typed)
    shown = answer.content.decode()
    assert answer.status_code in (200, 422), answer.status_code
    assert words in shown
    for text in ("Der Saal ist voll.", *typed.values()):
        assert text in shown, text
    with nord.inside():
        assert not event.occurrences.exclude(change="").exists()
