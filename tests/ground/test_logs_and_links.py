"""What logs leave out, how long a signed link lasts, and what the health page tells strangers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.signing import SignatureExpired
from django.test import Client
from django.utils import timezone

from tests.cast import District
from wiq import health
from wiq.logs import redact, without_personal_data
from wiq.signing import words
from wiq.web import errors

TOKEN = "smqeZjJpLN3eZn3vulofWI"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("to <Erika.B+x@Beispiel.EXAMPLE>: no", "to <<e-mail>>: no"),
        ("('erika@b.example', 550)", "('<e-mail>', 550)"),
        ("erika@münchen.example, max@b.example", "<e-mail>, <e-mail>"),
        ("call +49 341 1234567", "call <phone>"),
        ("call 0049 (341) 123-4567", "call <phone>"),
        ("call 0341/1234567.", "call <phone>."),
        ("call 0341 1234", "call <phone>"),
        ("took 0.0341234567 s", "took 0.0341234567 s"),
        ("at 2026-11-23T00:22:05", "at 2026-11-23T00:22:05"),
        (f"GET /idee/{TOKEN}/", "GET /idee/<token>/"),
        (f"GET /idee/{TOKEN}?a", "GET /idee/<token>?a"),
        (f'"/idee/{TOKEN}"', '"/idee/<token>"'),
        (f"GET /idee/{TOKEN}", "GET /idee/<token>"),
        (f"GET /idee/{TOKEN[1:]}/", f"GET /idee/{TOKEN[1:]}/"),
        ("Authorization: bearer abc", "Authorization: bearer <secret>"),
        ("PASSWORD=abc def", "PASSWORD=<secret> def"),
        ("secret: abc", "secret: <secret>"),
    ],
)
def test_of_personal_data_the_kind_alone_is_logged(text: str, kept: str) -> None:
    assert redact(text) == kept


def test_every_text_of_an_entry_is_looked_through() -> None:
    event: dict[str, Any] = {
        "event": "erika@b.example", "exception": "Traceback: erika@b.example", "user_id": 7,
        "path": f"/idee/{TOKEN}/", "request": f"GET /idee/{TOKEN}/?email=erika@b.example",
        "attempts": 3,
    }  # fmt: skip
    assert without_personal_data(None, "info", event) == {
        "event": "<e-mail>", "exception": "Traceback: <e-mail>", "path": "/idee/<token>/",
        "request": "GET /idee/<token>/", "attempts": 3,
    }  # fmt: skip


def test_a_request_that_is_no_text_is_left_out() -> None:
    assert without_personal_data(None, "info", {"event": "x", "request": object()}) == {
        "event": "x"
    }


def test_a_signed_word_lasts_for_its_days_and_no_second_longer(nord: District) -> None:
    start = timezone.now().replace(microsecond=0)
    with nord.inside():
        with time_machine.travel(start, tick=False):
            word = words.sign("a", 7)
        with time_machine.travel(start + timedelta(days=3), tick=False):
            assert words.unsign("a", word, days=3) == 7
        with (
            time_machine.travel(start + timedelta(days=3, seconds=1), tick=False),
            pytest.raises(SignatureExpired),
        ):
            words.unsign("a", word, days=3)


def broken() -> None:
    raise RuntimeError("password of the database")


@pytest.mark.parametrize("part", [*health.PARTS])
def test_one_part_that_is_away_makes_the_whole_unavailable_without_a_word_of_why(
    platform: Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    for name in health.PARTS:
        monkeypatch.setitem(health.PARTS, name, broken if name == part else lambda: None)
    answer = platform.get("/health/ready")
    rest = {name: "ok" for name in health.PARTS if name != part}
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unavailable", part: "failed: RuntimeError", **rest},
    )


def test_what_health_says_is_kept_by_nobody(
    platform: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("worker", "beat"):
        monkeypatch.setitem(health.PARTS, part, lambda: None)
    for path in ("/health/live", "/health/ready"):
        answer = platform.get(path)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert platform.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/gibt-es-nicht/", "/api/v1/gibt-es-nicht/"])
def test_a_page_that_is_not_there_is_kept_by_nobody(nord: District, path: str) -> None:
    answer = nord.client().get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_who_comes_to_a_shut_district_is_told_when_to_come_again(rf: Any) -> None:
    assert errors.error_response(rf.get("/"), 503)["Retry-After"] == "120"
    assert "Retry-After" not in errors.error_response(rf.get("/"), 404)


@pytest.mark.parametrize("name", ["token", "password", "idempotency_key", "handover"])
def test_what_opens_doors_is_not_logged_under_its_name(name: str) -> None:
    event = without_personal_data(None, "info", {"event": "tried", name: "kurz"})
    assert event[name] == "<secret>"
