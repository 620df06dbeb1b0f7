"""Clocks that were wrong for a while: no mail waits for them, none goes out twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.db.models.functions import Now

from tests import logins
from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from wiq.beat_app import SteadyScheduler
from wiq.beat_app import app as beat
from wiq.mail import services as mail
from wiq.outbox import services
from wiq.outbox.models import Pointer, State
from wiq.outbox.times import LEASE, REFUSED_CAP_SECONDS
from wiq.schedule import BEAT_SCHEDULE

# What a clock that runs two hours ahead writes.
AHEAD = timedelta(hours=2)


@pytest.fixture
def another_worker(nord: District) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A second connection to the database, as another worker has one."""
    with logins.connect(logins.APP, autocommit=True) as other:
        yield other


@pytest.mark.parametrize("field", ["next_at", "leased_until"])
def test_a_time_set_by_a_clock_that_ran_ahead_does_not_hold_a_mail_back(
    nord: District, field: str
) -> None:
    pointer = write_mail(nord)
    Pointer.objects.filter(pk=pointer.pk).update(**{field: Now() + AHEAD})
    assert services.claim_due() == [pointer]


@pytest.mark.parametrize(
    "times",
    [
        {"next_at": Now() + timedelta(seconds=REFUSED_CAP_SECONDS)},
        {"leased_until": Now() + LEASE},
    ],
)
def test_a_time_set_by_a_right_clock_holds(nord: District, times: dict[str, Any]) -> None:
    pointer = write_mail(nord)
    Pointer.objects.filter(pk=pointer.pk).update(**times)
    assert services.claim_due() == []


def test_a_mail_that_another_worker_is_sending_is_left_alone_whatever_its_lease_says(
    nord: District, another_worker: "psycopg.Connection[tuple[object, ...]]", monkeypatch: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(mail, "send", lambda message: sent.append(message.to))
    pointer = write_mail(nord)
    key = services.LOCKS + pointer.pk
    another_worker.execute("SELECT pg_advisory_lock(%s)", [key])
    assert run(pointer, nord).attempts == 0
    assert sent == []
    another_worker.execute("SELECT pg_advisory_unlock(%s)", [key])
    assert run(pointer, nord).state == State.SENT
    assert len(sent) == 1
    free = another_worker.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    assert free == (True,)


def test_who_has_sent_says_so_even_where_the_clock_ended_the_lease_meanwhile(
    nord: District, monkeypatch: Any
) -> None:
    pointer = write_mail(nord)

    def send_while_the_clock_is_set(message: Any) -> None:
        Pointer.objects.filter(pk=pointer.pk).update(leased_until=Now() - AHEAD)
        assert services.claim_due()

    monkeypatch.setattr(mail, "send", send_while_the_clock_is_set)
    assert run(pointer, nord).state == State.SENT


@pytest.mark.parametrize("hours", [-2, 2])
def test_beat_goes_on_within_seconds_after_its_clock_was_set(hours: int, monkeypatch: Any) -> None:
    queued: list[str] = []
    start = datetime(2026, 5, 4, 12, 0)
    with time_machine.travel(start, tick=False) as clock:
        scheduler = SteadyScheduler(app=beat)
        monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: queued.append(entry.task))
        monkeypatch.setattr(scheduler, "producer", None, raising=False)

        def tick() -> None:
            for _entry in BEAT_SCHEDULE:  # Celery does one thing a tick
                scheduler.tick()

        tick()
        clock.shift(6)
        tick()
        before = queued.count("wiq.outbox.tasks.sweep")
        assert before
        clock.shift(timedelta(hours=hours))
        tick()
        for _ in range(3):
            clock.shift(6)
            tick()
        scheduler.close()
    assert queued.count("wiq.outbox.tasks.sweep") >= before + 2
    sweeps = {
        "wiq.outbox.tasks.sweep", "wiq.calls.tasks.sweep", "tenants.provisioning.tasks.run_waiting",
        "tenants.moving.tasks.mend",
    }  # fmt: skip
    assert set(queued) - {"tenants.console.tasks.count_all"} == sweeps
