"""Dates by the API: read by everybody, written by a token, refused in a sentence at their field."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine

from directory.events import services
from directory.events.models import Event
from tests.api.test_hostile import VALUES
from tests.api.test_writing import send, with_token
from tests.audited import said
from tests.cast import ACTOR, District
from tests.events.test_dates import FIRST, NOW, WEEKLY, put
from wiq.accounts import services as accounts
from wiq.accounts.models import Scope, User

NEW: dict[str, Any] = {
    "title": "Gießrunde",
    "text": "Alle mit Kanne.",
    "starts_at": "2026-12-08T18:00:00+01:00",
    "ends_at": "2026-12-08T19:30:00+01:00",
    "place": "Kanal",
    "recurrence": "FREQ=WEEKLY;UNTIL=20270430",
    "solution_team": "baeume",
}


@pytest.fixture(autouse=True)
def _on_a_day_in_december() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def wrong(answer: Any) -> dict[str, str]:
    """Return what is wrong with a body, by its field."""
    assert answer.status_code == 400, answer.content
    return {error["attr"]: error["detail"] for error in answer.json()["errors"]}


def test_an_event_is_announced_and_read_as_the_contract_says(nord: District) -> None:
    made = send(with_token(nord, "editor"), "post", "events", NEW)
    assert made.status_code == 201, made.content
    shown = nord.client().get(f"/api/v1/events/{made.json()['id']}/").json()
    assert shown == made.json()
    assert shown.items() >= (NEW | {"recurrence": "FREQ=WEEKLY;UNTIL=20270430T215959Z"}).items()
    assert (shown["team"], shown["cancelled"], shown["next_at"]) == (
        None,
        False,
        shown["starts_at"],
    )
    assert shown["url"].startswith("http") and nord.host in shown["url"]
    assert shown["url"].endswith(f"/termine/{shown['id']}/")
    listed = nord.client().get("/api/v1/events/").json()
    assert (listed["count"], listed["results"]) == (1, [shown])
    with nord.inside():
        assert Event.objects.get().occurrences.count() == 21
        assert said("event.") == [("event.created", "editor@nord.example")]


def test_a_change_leaves_what_it_does_not_name_and_the_end_moves_along(nord: District) -> None:
    event = put(nord, end_day=FIRST + timedelta(days=1), end_time=time(12), bring="Kanne")
    path = f"events/{event.pk}"
    # Without a zone: as the clock on the wall shows it.
    sent = {"starts_at": "2026-12-10T17:00:00"}
    changed = send(with_token(nord), "patch", path, sent).json()
    assert (changed["starts_at"], changed["ends_at"], changed["bring"]) == (
        "2026-12-10T17:00:00+01:00", "2026-12-11T12:00:00+01:00", "Kanne",
    )  # fmt: skip
    assert send(with_token(nord), "patch", path, {"ends_at": None}).json()["ends_at"] is None
    assert send(with_token(nord), "delete", path).status_code == 204
    assert nord.client().get(f"/api/v1/{path}/").status_code == 404


def test_an_event_is_cancelled_with_a_reason_and_takes_place_after_all(nord: District) -> None:
    event = put(nord, rule=WEEKLY)
    path, client = f"events/{event.pk}", with_token(nord)
    assert "warum" in wrong(send(client, "patch", path, {"cancelled": True}))["reason"]
    gone = send(client, "patch", path, {"cancelled": True, "reason": "Frost"}).json()
    assert (gone["cancelled"], gone["reason"], gone["next_at"]) == (True, "Frost", None)
    assert "Frost" in nord.client().get("/termine/").content.decode()
    back = send(client, "patch", path, {"cancelled": False}).json()
    assert (back["cancelled"], back["reason"]) == (False, "")
    with nord.inside():
        assert [action for action, _who in said("event.")][1:] == [
            "event.cancelled", "event.taken_back",
        ]  # fmt: skip


def test_single_dates_are_read_moved_cancelled_and_put_back(nord: District) -> None:
    event = put(nord, rule=WEEKLY, end_time=time(19))
    path, client = f"events/{event.pk}/dates", with_token(nord, "editor")
    moved = send(
        client, "patch", f"{path}/2026-12-08",
        {"starts_at": "2026-12-09T17:00:00+01:00", "place": "Saal", "reason": "Es stürmt."},
    )  # fmt: skip
    assert moved.json() == {
        "date": "2026-12-08", "starts_at": "2026-12-09T17:00:00+01:00",
        "ends_at": "2026-12-09T19:00:00+01:00", "place": "Saal", "moved": True, "cancelled": False,
        "reason": "Es stürmt.",
    }  # fmt: skip
    gone = send(client, "patch", f"{path}/2026-12-15", {"cancelled": True, "reason": "Glatteis."})
    assert gone.json()["cancelled"] is True
    listed = nord.client().get(f"/api/v1/{path}/?until=2026-12-31").json()
    assert [(row["date"], row["moved"], row["cancelled"]) for row in listed["results"]] == [
        ("2026-12-08", True, False), ("2026-12-15", False, True), ("2026-12-22", False, False),
        ("2026-12-29", False, False),
    ]  # fmt: skip
    for day in ("2026-12-08", "2026-12-15"):
        back = send(client, "patch", f"{path}/{day}", {"moved": False}).json()
        assert (back["moved"], back["cancelled"], back["starts_at"]) == (
            False, False, f"{day}T18:00:00+01:00",
        )  # fmt: skip
    with nord.inside():
        assert [action for action, _who in said("event.")][1:] == [
            "event.date_moved", "event.date_cancelled", "event.date_taken_back",
            "event.date_taken_back",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_at": "2026-12-08T17:00:00+01:00"}, "ends_at", "Das Ende liegt vor dem Beginn"),
        ({"ends_at": "2026-12-07T17:00:00+01:00"}, "ends_at", "Der letzte Tag liegt vor"),
        ({"starts_at": "0026-12-08T18:00:00"}, "starts_at", "vier Ziffern"),
        ({"starts_at": "0001-01-01T00:00:00+01:00"}, "starts_at", ""),
        ({"starts_at": "9999-12-31T23:59:00-01:00"}, "starts_at", "So weit im Voraus"),
        ({"starts_at": "2030-12-08T18:00:00+01:00"}, "starts_at", "So weit im Voraus"),
        ({"starts_at": "2027-03-28T02:30:00"}, "starts_at", "vorgestellt"),
        ({"starts_at": "2027-10-31T02:30:00"}, "starts_at", "zurückgestellt"),
        ({"starts_at": "2027-10-31T02:30:00+01:00"}, "starts_at", "zurückgestellt"),
        ({"starts_at": "bald"}, "starts_at", ""),
        ({"starts_at": None}, "starts_at", ""),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, "recurrence", "29."),
        ({"recurrence": "FREQ=WEEKLY"}, "recurrence", "bis wann"),
        ({"recurrence": "FREQ=WEEKLY;COUNT=1000"}, "recurrence", "mehr als 520"),
        ({"recurrence": "FREQ=WEEKLY;UNTIL=20300101"}, "recurrence", "So weit im Voraus"),
        ({"recurrence": "jeden Dienstag"}, "recurrence", "lässt sich nicht lesen"),
        ({"team": "unterstuetzungsteam"}, "non_field_errors", "nicht beides"),
        ({"team": "gibtsnicht"}, "team", ""),
        ({"solution_team": "\x00"}, "solution_team", ""),
        ({"title": " "}, "title", ""),
        ({"text": "x" * 3001}, "text", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    nord: District, changes: dict[str, Any], field: str, words: str
) -> None:
    body = NEW | ({"recurrence": ""} if "recurrence" not in changes else {}) | changes
    if "starts_at" in changes:
        body["ends_at"] = None
    found = wrong(send(with_token(nord), "post", "events", body))
    assert list(found) == [field]
    assert words in found[field]
    with nord.inside():
        assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"starts_at": "2026-12-09T17:00:00"}, "reason", "warum"),
        ({"starts_at": "0026-12-09T17:00:00", "reason": "So"}, "starts_at", "vier Ziffern"),
        ({"starts_at": "0001-01-01T00:00:00", "reason": "So"}, "starts_at", "vier Ziffern"),
        ({"starts_at": "2027-03-28T02:30:00", "reason": "So"}, "starts_at", "vorgestellt"),
        ({"ends_at": "2026-12-08T17:00:00", "reason": "So"}, "ends_at", "vor dem Beginn"),
        ({"cancelled": True}, "reason", "warum"),
        ({"cancelled": True, "place": "Saal"}, "non_field_errors", "oder"),
        ({}, "non_field_errors", "wie er geplant war"),
    ],
)
def test_what_cannot_become_of_a_date_is_refused_at_its_field(
    nord: District, body: dict[str, Any], field: str, words: str
) -> None:
    event = put(nord, rule=WEEKLY)
    answer = send(with_token(nord), "patch", f"events/{event.pk}/dates/2026-12-08", body)
    found = wrong(answer)
    assert list(found) == [field]
    assert words in found[field]
    with nord.inside():
        assert not event.occurrences.exclude(change="").exists()


def test_lists_are_narrowed_by_time_team_and_topic(nord: District) -> None:
    put(nord, title="Reihe", rule=WEEKLY, solution_team=nord.solution_team("baeume"))
    put(nord, title="Sprechstunde", team=nord.team(), day=FIRST + timedelta(days=1))
    put(nord, title="Sommerfest", day=FIRST - timedelta(days=150))
    for query, titles in (
        ("", ["Reihe", "Sprechstunde"]),
        ("since=2026-01-01", ["Reihe", "Sprechstunde", "Sommerfest"]),
        ("since=2026-12-10&until=2026-12-31", ["Reihe"]),
        ("until=2026-12-01", ["Sommerfest"]),
        ("year=2026", ["Sommerfest"]),
        ("team=unterstuetzungsteam", ["Sprechstunde"]),
        ("solution_team=baeume", ["Reihe"]),
        ("topic=umwelt", ["Reihe"]),
    ):
        rows = nord.client().get(f"/api/v1/events/?{query}").json()["results"]
        assert [row["title"] for row in rows] == titles, query
    for query in ("year=26", "year=2026.5", "since=gestern", "topic=nichts", "year=1e9"):
        assert nord.client().get(f"/api/v1/events/?{query}").status_code == 400, query
    for query in ("team=%00", "since=0001-01-01&until=9999-12-31", "page=2"):
        assert nord.client().get(f"/api/v1/events/?{query}").status_code < 500, query


def test_dates_of_hidden_teams_and_of_next_door_are_not_there(
    nord: District, sued: District
) -> None:
    hidden = put(nord, solution_team=nord.solution_team("entwurf"))
    shown = put(nord, rule=WEEKLY)
    for path in (f"events/{hidden.pk}", f"events/{hidden.pk}/dates",
                 f"events/{hidden.pk}/dates/2026-12-08", f"events/{shown.pk}/dates/2026-12-09",
                 f"events/{shown.pk}/dates/2026-02-30"):  # fmt: skip
        assert nord.client().get(f"/api/v1/{path}/").status_code == 404, path
    assert sued.client().get(f"/api/v1/events/{shown.pk}/").status_code == 404
    with_drafts = send(with_token(nord, "editor"), "get", "events").json()["results"]
    assert {row["id"] for row in with_drafts} == {hidden.pk, shown.pk}


def test_only_a_token_of_this_district_for_content_writes(nord: District, sued: District) -> None:
    event = put(nord, rule=WEEKLY)
    with nord.inside():
        user = User.objects.get(email="coordinator@nord.example")
        narrow = {
            scope: nord.client(
                authorization="Bearer " + accounts.create_token(user, scopes=[scope])
            )
            for scope in (Scope.READ, Scope.REQUESTS, Scope.CONTENT)
        }
    refused = [(nord.client(), 401), (with_token(nord, of=sued), 401),
               (nord.signed_in("coordinator"), 401), (narrow[Scope.READ], 403),
               (narrow[Scope.REQUESTS], 403)]  # fmt: skip
    one = f"events/{event.pk}"
    for client, status in refused:
        for method, path, body in (("post", "events", NEW), ("patch", one, {"title": "Gekapert"}),
                                   ("patch", f"{one}/dates/2026-12-08", {"moved": False}),
                                   ("delete", one, None)):  # fmt: skip
            assert send(client, method, path, body).status_code == status, (method, path)
    assert send(narrow[Scope.CONTENT], "patch", one, {"title": "Anders"}).status_code == 200


def test_a_team_announces_a_thousand_dates_and_not_more(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_ONE", 25)
    put(nord, rule=WEEKLY, solution_team=nord.solution_team("baeume"))
    put(nord, rule=WEEKLY, team=nord.team())
    found = wrong(send(with_token(nord), "post", "events", NEW))
    assert "höchstens 25 Tage" in found["recurrence"]
    with nord.inside():
        assert Event.objects.count() == 2
        services.announce(title="Fest", day=FIRST, time=time(9), rule=WEEKLY, actor=ACTOR)


@pytest.mark.thorough
@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_any_value_in_any_field_is_answered(nord: District, value: Any) -> None:
    client, event = with_token(nord), put(nord, rule=WEEKLY)
    for field in (*NEW, "team", "cancelled", "reason", "needs_registration", "bring", "title_en"):
        assert send(client, "post", "events", NEW | {field: value}).status_code < 500, field
        sent = send(client, "patch", f"events/{event.pk}", {field: value})
        assert sent.status_code < 500, field
    for field in ("starts_at", "ends_at", "place", "moved", "cancelled", "reason"):
        path = f"events/{event.pk}/dates/2026-12-15"
        assert send(client, "patch", path, {"reason": "So", field: value}).status_code < 500, field
