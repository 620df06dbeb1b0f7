"""What is counted and asked for: by kind, never by person, by district only where wanted."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.db.models.functions import Now
from django.test import RequestFactory
from django_redis import get_redis_connection

from tenants.districts.models import District as Row
from tests.cast import District, body, put
from tests.ground.test_page_memory import Counting
from tests.metrics.conftest import Numbers, samples
from wiq.beat_app import SteadyScheduler
from wiq.beat_app import app as beat
from wiq.database import lock_room
from wiq.metrics import counting, switch
from wiq.metrics.measures import Measure, measures
from wiq.metrics.serving import State
from wiq.outbox.models import Pointer
from wiq.outbox.tasks import sweep
from wiq.page_cache.cache import PageCache


def ask(application: Any, path: str, host: str) -> str:
    """Ask a WSGI application as the web server does; return the status."""
    environ = RequestFactory().get(path, headers={"host": host}).environ
    said: list[str] = []
    chunks: Iterable[bytes] = application(environ, lambda status, *_: said.append(status))
    b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    return said[0][:3]


@pytest.fixture
def web(numbers: Numbers, nord: District) -> Iterator[PageCache]:
    """The web server's application, as wsgi.py puts it together where numbers are wanted."""
    signals = (request_started, request_finished)
    for signal in signals:  # the test's own transaction would end, as Django's client knows
        signal.disconnect(close_old_connections)
    yield PageCache(counting.measured(get_wsgi_application()), numbers.kept.from_memory)
    for signal in signals:
        signal.connect(close_old_connections)


def state(per_district: bool = False) -> dict[Any, float]:
    return samples(State(per_district=per_district).collect())


def test_an_answer_counts_by_kind_of_host_and_class_of_status(
    web: PageCache, numbers: Numbers
) -> None:
    asked = (
        ("/", "localhost", "200"), ("/menschen/", "nord.localhost", "200"),
        ("/gibt-es-nicht/", "nord.localhost", "404"), ("/", "nirgends.localhost", "404"),
        ("/koordination/", "nord.localhost", "302"),
    )  # fmt: skip
    for path, host, status in asked:
        assert ask(web, path, host) == status
    grown = {
        (host, status): numbers.grown("wiq_requests_total", host=host, status=status)
        for host in ("platform", "district", "unknown") for status in ("2xx", "3xx", "4xx", "5xx")
    }  # fmt: skip
    wanted = {("platform", "2xx"): 1, ("district", "2xx"): 1, ("district", "3xx"): 1,
              ("district", "4xx"): 1, ("unknown", "4xx"): 1}  # fmt: skip
    assert {key: value for key, value in grown.items() if value} == wanted
    assert numbers.grown("wiq_request_seconds_count", host="district") == 3
    assert numbers.grown("wiq_request_seconds_sum", host="district") > 0


def test_a_page_from_memory_counts_as_that_and_not_as_an_answer_of_django(
    numbers: Numbers, nord: District
) -> None:
    pages = Counting(nord.row.schema_name)
    pages.memory = PageCache(counting.measured(pages), numbers.kept.from_memory)
    for _turn in range(3):
        pages.ask()
    assert pages.made == 1
    assert numbers.grown("wiq_pages_from_memory_total", host="district") == 2
    assert numbers.grown("wiq_pages_from_memory_total", host="platform") == 0
    assert numbers.grown("wiq_request_seconds_count", host="unknown") == 1
    own = {"district": nord.row.schema_name}
    assert numbers.grown("wiq_district_requests_total", **own) == 2


def test_districts_are_told_apart_only_where_that_is_wanted(
    web: PageCache, numbers: Numbers, monkeypatch: pytest.MonkeyPatch, nord: District
) -> None:
    monkeypatch.setattr(numbers.kept, "per_district", False)
    for _turn in range(2):
        ask(web, "/", "nord.localhost")
    assert numbers.grown("wiq_district_requests_total", district=nord.row.schema_name) == 0
    names = {name for name, _labels in state()}
    assert not names & {"wiq_district_info", "wiq_district_mails"}
    assert "slug" not in {label for _name, labels in state() for label, _value in labels}
    known = {dict(labels)["slug"] for name, labels in state(per_district=True)
             if name == "wiq_district_info"}  # fmt: skip
    assert {"nord", "sued"} <= known


def test_a_task_counts_with_its_end(numbers: Numbers, nord: District) -> None:
    sweep.apply(headers={"_schema_name": "public"}, throw=True)
    sweep.apply(headers={"_schema_name": nord.row.schema_name})
    name = "wiq.outbox.tasks.sweep"
    for outcome in ("done", "failed"):
        assert numbers.grown("wiq_tasks_total", task=name, outcome=outcome) == 1
    assert numbers.grown("wiq_task_seconds_total", task=name) > 0
    assert numbers.now()["wiq_last_sign_timestamp_seconds", (("process", "worker"),)] > 1e9


def test_beat_leaves_a_sign_whenever_it_looks(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = SteadyScheduler(app=beat)
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: None)
    monkeypatch.setattr(scheduler, "producer", None, raising=False)
    scheduler.tick()
    assert numbers.now()["wiq_last_sign_timestamp_seconds", (("process", "beat"),)] > 1e9


def test_mails_count_by_state_with_the_age_of_the_oldest(nord: District) -> None:
    Pointer.objects.all().delete()
    before = state()
    assert before["wiq_mail_oldest_seconds", ()] == 0
    nord.client().post("/api/v1/contact-requests/", body(), content_type="application/json")
    first, *others = Pointer.objects.order_by("pk")
    assert others
    Pointer.objects.filter(pk=first.pk).update(waiting_since=Now() - timedelta(hours=2))
    Pointer.objects.filter(pk=others[0].pk).update(
        state="dead", waiting_since=Now() - timedelta(hours=9)
    )
    after = state(per_district=True)
    grown = {word: after["wiq_mails", (("state", word),)] - before["wiq_mails", (("state", word),)]
             for word in ("pending", "sent", "dead")}  # fmt: skip
    assert grown == {"pending": len(others), "sent": 0, "dead": 1}
    assert 7200 <= after["wiq_mail_oldest_seconds", ()] < 7300
    own = (("district_id", str(nord.row.pk)), ("state", "dead"))
    assert after["wiq_district_mails", own] == 1


def test_districts_count_by_state_and_by_a_migration_that_failed(
    nord: District, sued: District
) -> None:
    put(nord.row, "suspended")
    assert state()["wiq_migrations_failed", ()] == 0
    Row.objects.filter(slug="sued").update(migration_error="OperationalError: no room")
    now = state()
    assert now["wiq_districts", (("state", "suspended"),)] == 1
    assert now["wiq_districts", (("state", "published"),)] == Row.objects.count() - 1
    assert now["wiq_districts", (("state", "archived"),)] == 0
    assert now["wiq_migrations_failed", ()] == 1


def test_the_queue_and_the_room_for_a_backup_are_told(db: None, settings: Any) -> None:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    key = f"{prefix}{current_app.conf.task_default_queue}"
    server = get_redis_connection("default")
    before = state()["wiq_queue_tasks", (("state", "waiting"),)]
    server.rpush(key, "x")
    try:
        assert state()["wiq_queue_tasks", (("state", "waiting"),)] == before + 1
    finally:
        server.lrem(key, 1, "x")
    assert state()["wiq_backup_locks", (("kind", "room"),)] == lock_room.room()
    assert state()["wiq_backup_locks", (("kind", "needed"),)] == lock_room.needed(
        Row.objects.count()
    )


def test_a_number_that_can_not_be_asked_for_takes_no_other_with_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise OSError("away")

    assert state()["wiq_measures_failed", ()] == 0
    monkeypatch.setattr(measures, "_items", [Measure("wiq_x", "x", (), broken), *measures])
    now = state()
    assert now["wiq_measures_failed", ()] == 1
    assert ("wiq_x", ()) not in now
    assert ("wiq_districts", (("state", "published"),)) in now


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, None), ({"WIQ_METRICS_PORT": ""}, None), ({"WIQ_METRICS_PORT": "0"}, None),
        ({"WIQ_METRICS_PORT": "9464"}, switch.Address("127.0.0.1", 9464, per_district=False)),
        (
            {"WIQ_METRICS_PORT": "65535", "WIQ_METRICS_HOST": "::1", "WIQ_METRICS_PER_DISTRICT": "1"},
            switch.Address("::1", 65535, per_district=True),
        ),
    ],
)  # fmt: skip
def test_the_settings_say_where_numbers_are(given: dict[str, str], address: Any) -> None:
    assert switch.read(given) == address


@pytest.mark.parametrize("port", ["65536", "neun", "-1", "9.5"])
def test_what_is_no_port_is_refused_by_name(port: str) -> None:
    with pytest.raises(ValueError, match=r"^WIQ_METRICS_PORT is '"):
        switch.read({"WIQ_METRICS_PORT": port})


@pytest.mark.thorough
def test_whoever_wants_no_numbers_does_not_load_what_counts_them() -> None:
    code = "import sys, wiq.wsgi, wiq.celery_app; print('prometheus_client' in sys.modules)"
    for port, loaded in (("", "False"), ("9464", "True")):
        environment = os.environ | {"WIQ_METRICS_PORT": port}
        run = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
        assert run.stdout.split()[-1:] == [loaded], run.stderr
