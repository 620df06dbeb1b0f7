"""Two beats: one sends, the other stands by and goes on where the first one ended."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections

from tests import logins
from wiq.beat_app import SteadyScheduler
from wiq.beat_app import app as beat
from wiq.beat_turn import LOCK, Turn, Whose
from wiq.schedule import BEAT_SCHEDULE

SWEEP = "wiq.outbox.tasks.sweep"
NIGHTLY = {"tenants.console.tasks.nightly", "tenants.lifecycle.tasks.nightly"}
# Half a minute before the nightly work, which begins at half past two in Berlin.
EVENING = datetime(2026, 5, 4, 0, 29, 30, tzinfo=UTC)


def address() -> str:
    """Return the address of this worker's database, as the login of web, worker and beat."""
    known = connections["default"].settings_dict
    return f"postgres://{logins.APP}@{known['HOST'].replace('/', '%2F')}/{known['NAME']}"


@pytest.fixture
def start(db: None, monkeypatch: Any) -> Iterator[Callable[[list[str]], SteadyScheduler]]:
    """Start a beat that writes what it would send into a list."""
    monkeypatch.setitem(os.environ, "DATABASE_URL", address())
    started: list[SteadyScheduler] = []

    def begin(sent: list[str]) -> SteadyScheduler:
        scheduler = SteadyScheduler(app=beat)
        monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: sent.append(entry.task))
        monkeypatch.setattr(scheduler, "producer", None, raising=False)
        started.append(scheduler)
        return scheduler

    yield begin
    for scheduler in started:
        scheduler.close()


def tick(*schedulers: SteadyScheduler) -> None:
    for scheduler in schedulers:
        for _entry in BEAT_SCHEDULE:  # Celery does one thing a tick
            scheduler.tick()


def until_free() -> None:
    """Wait until nobody has the right: the server notices a closed connection a moment later."""
    with logins.connect(logins.APP, autocommit=True) as other:
        for _ in range(2000):
            if other.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() == (True,):
                other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
                return
    raise AssertionError("somebody still has the right")


def end(scheduler: SteadyScheduler) -> None:
    scheduler.close()
    until_free()


def end_connection(scheduler: SteadyScheduler) -> None:
    """End a beat's connection as a server that restarts ends it."""
    connection = scheduler.turn._connection
    assert connection is not None
    with logins.connect(logins.APP, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 1000)", [connection.info.backend_pid])


def test_of_two_beats_one_sends(start: Any) -> None:
    one, two = [], []
    with time_machine.travel(EVENING, tick=False) as clock:
        first, second = start(one), start(two)
        tick(first, second)
        for _ in range(12):
            clock.shift(timedelta(seconds=5))
            tick(first, second)
    assert one.count(SWEEP) >= 10
    assert set(one) >= NIGHTLY
    assert two == []


def test_where_one_ends_the_other_goes_on_and_repeats_nothing(start: Any) -> None:
    one, two = [], []
    with time_machine.travel(EVENING, tick=False) as clock:
        first, second = start(one), start(two)
        for _ in range(12):
            clock.shift(timedelta(seconds=5))
            tick(first, second)
        assert set(one) >= NIGHTLY
        end(first)
        for _ in range(3):
            clock.shift(timedelta(seconds=5))
            tick(second)
    assert two.count(SWEEP) >= 2
    assert not NIGHTLY & set(two)


def test_what_becomes_due_while_the_second_takes_over_is_sent_by_it(start: Any) -> None:
    one, two = [], []
    with time_machine.travel(EVENING, tick=False) as clock:
        first, second = start(one), start(two)
        clock.shift(timedelta(seconds=28))
        tick(first, second)
        end(first)
        clock.shift(timedelta(seconds=5))
        tick(second)
    assert set(two) >= NIGHTLY
    assert not NIGHTLY & set(one)


def test_a_server_that_restarts_at_that_very_moment_costs_no_night(start: Any) -> None:
    sent: list[str] = []
    with time_machine.travel(EVENING, tick=False) as clock:
        only = start(sent)
        clock.shift(timedelta(seconds=28))
        tick(only)
        end_connection(only)
        clock.shift(timedelta(seconds=5))
        assert only.tick() > 0  # the connection is gone, and nothing is sent
        assert not NIGHTLY & set(sent)
        clock.shift(timedelta(seconds=5))
        tick(only)
    assert [sent.count(task) for task in NIGHTLY] == [1, 1]


def test_without_a_database_nobody_may_send_and_nothing_breaks() -> None:
    nowhere = Turn("postgres://wiq_app@127.0.0.1:1/wiq")
    assert nowhere.ask() is Whose.UNKNOWN
    nowhere.give_up()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "psql", "pgsql"])
def test_the_address_is_taken_in_every_form_that_our_settings_take(db: None, scheme: str) -> None:
    turn = Turn(address().replace("postgres", scheme, 1))
    assert turn.ask() is Whose.OURS
    assert turn.ask() is Whose.OURS
    turn.give_up()
    until_free()
