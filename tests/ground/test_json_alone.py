"""Who can write to Valkey runs no code in our processes: what lies there is JSON and plain text."""

import ast
import json
import os
import pickle
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest
from django_redis import get_redis_connection
from django_redis.cache import RedisCache
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads
from redis import Redis

from tenants.districts import kept, lookup
from tenants.visits import support
from tests.cast import PASSWORD, District, form, project_team
from tests.stack.running import RunningStack
from wiq import beat_app
from wiq.accounts import guesses
from wiq.page_cache import plain, version
from wiq.queues import Queue
from wiq.throttling import SubmissionThrottle
from wiq.valkey import Json

ROOT = Path(__file__).parents[2]
RUNS_WHEN_READ = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


class Bomb:
    """Makes a folder when it is read as a pickle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.folder),)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """What a bomb that went off would have made."""
    made = tmp_path / "ran"
    pickle.loads(pickle.dumps(Bomb(made)))  # the bomb is one
    made.rmdir()
    yield made
    assert not made.exists()


def everything(district: District) -> list[int]:
    """Do what keeps something in Valkey, and what reads it; return the answers."""
    client = district.client()
    answers = [client.get(path).status_code for path in ("/", "/kontakt/", "/api/v1/teams/")]
    answers.append(client.post("/kontakt/", form()).status_code)
    answers.append(
        client.post(
            "/anmelden/", {"login": "editor@nord.example", "password": PASSWORD}
        ).status_code
    )
    answers.append(district.signed_in("coordinator").get("/koordination/").status_code)
    with district.inside():
        assert cache.get("a list", "nothing") in ("nothing", [1.5, "zwei"])
        cache.set("a list", [1.5, "zwei"], 60)
        assert cache.get_many(["a list"]) == {"a list": [1.5, "zwei"]}
    link = support.open_visit(district.row, reason="Frage", minutes=30, actor=project_team())
    assert client.get(link.partition("8000")[2]).status_code == 200
    assert version.current_or_new(district.row.schema_name) is not None
    return answers


def ours() -> list[bytes]:
    """Return all keys of the caches."""
    server = get_redis_connection("default")
    patterns = [f"*{one.key_prefix}:*" for one in caches.all(initialized_only=False)]
    return [key for pattern in patterns for key in server.scan_iter(pattern, count=1000)]


def test_a_planted_pickle_runs_under_no_key(nord: District, folder: Path) -> None:
    server, fine = get_redis_connection("default"), everything(nord)
    kinds = {key.rpartition(b":")[2].partition(b"_")[0] for key in ours()}
    assert {b"generation", nord.host.encode(), b"a list"} <= kinds
    for bomb in (pickle.dumps(Bomb(folder)), pickle.dumps(Bomb(folder), protocol=0)):
        for key in ours():
            server.set(key, bomb, ex=60)
        assert everything(nord) == fine
    # Where versions before had theirs.
    server.set(plain.key(f"host:{nord.host}"), pickle.dumps(Bomb(folder)))
    assert everything(nord) == fine


@pytest.mark.parametrize(
    "planted",
    [b"", b"[" * 100_000, b"9" * 100_000, b'{"stamps": []}', b"\xff", b"null", b"[1]", b'"a"'],
)
def test_what_is_no_district_of_ours_is_looked_up_anew(nord: District, planted: bytes) -> None:
    assert lookup.find(nord.host) == nord.row
    get_redis_connection("default").set(plain.key(f"district:{nord.host}"), planted, ex=60)
    assert lookup.find(nord.host) == nord.row


def test_a_district_comes_back_as_it_was(nord: District) -> None:
    row = nord.row
    row.passed_gate_at = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    row.save(update_fields=["passed_gate_at"])
    first, again = lookup.find(nord.host), lookup.find(nord.host)
    assert first is not None and again is not None
    for one, other in ((first, again), (first.operator, again.operator)):
        if one is None or other is None:
            assert one is other
            continue
        for field in one._meta.concrete_fields:
            assert field.value_from_object(one) == field.value_from_object(other), field.name
            assert type(field.value_from_object(one)) is type(field.value_from_object(other))
    assert again.host == nord.host
    assert not again._state.adding


def test_a_row_with_a_column_less_is_another_versions(nord: District) -> None:
    text = kept.written(["a", None], nord.row)
    assert kept.read(text, ["a", None]) == nord.row
    assert kept.read(text, ["b", None]) is None
    older = json.loads(text)
    del older["district"]["state_note"]
    assert kept.read(json.dumps(older), ["a", None]) is None


@pytest.fixture
def before() -> RedisCache[Any]:
    """The platform's cache as the version before uses it, which pickles."""
    return RedisCache(settings.REDIS_URL, {"KEY_PREFIX": caches["platform"].key_prefix})


def test_a_change_by_either_version_reaches_both_while_both_run(
    nord: District, before: RedisCache[Any]
) -> None:
    schema = nord.row.schema_name
    names = [version.GENERATION, f"pages:{schema}", f"changed:{nord.host}"]
    for change in (
        lambda name: before.set(name, secrets.token_hex(16), None),
        plain.stamp,
        lambda name: before.set(name, secrets.token_hex(16), None),
    ):
        for name in names:
            mine, theirs = plain.read([name]), before.get(name)
            change(name)
            assert plain.read([name]) != mine
            assert before.get(name) not in (None, theirs)
    assert lookup.find(nord.host) == nord.row
    assert before.get(f"host:{nord.host}") is None


def test_no_value_of_the_version_before_is_read_as_ours(nord: District) -> None:
    with nord.inside():
        cache.set("visits.opened.abc", ["a"], 60)
        assert cache.get("visits.opened.abc", version=1) is None


def test_nothing_here_is_read_by_running_it() -> None:
    assert {one["OPTIONS"]["SERIALIZER"] for one in settings.CACHES.values()} == {"wiq.valkey.Json"}
    for one in caches.all(initialized_only=False):
        assert type(one.client._serializer) is Json
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    for app in (current_app._get_current_object(), beat_app.app):
        assert isinstance(app, Celery)
        assert set(app.conf.accept_content) == {"json"}
        assert set(app.conf.result_accept_content or ["json"]) == {"json"}
        assert (app.conf.task_serializer, app.conf.result_serializer) == ("json", "json")


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/x-yaml"])
def test_a_task_in_another_form_is_not_read(kind: str, folder: Path) -> None:
    for app in (current_app, beat_app.app):
        with pytest.raises(ContentDisallowed):
            loads(pickle.dumps(Bomb(folder)), kind, "binary", accept=app.conf.accept_content)


def test_no_module_of_ours_names_what_runs_when_it_is_read() -> None:
    for top in ("platform/wiq", "tenants", "directory", "api", "run.py"):
        for file in [ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                assert not RUNS_WHEN_READ & {name.partition(".")[0] for name in names}, file


def test_counts_hold_numbers_alone(nord: District) -> None:
    """What is counted is no value of a cache: Valkey itself adds it up."""
    request = HttpRequest()
    request.method, request.META["REMOTE_ADDR"] = "POST", "198.51.100.7"
    with nord.inside():
        key = SubmissionThrottle().get_cache_key(request, None)
        assert key is not None
        whole = caches["default"].make_key(key)
        assert guesses.count(whole, time.time(), 60, 1) is None
        get_redis_connection("default").set(whole, pickle.dumps([1]))
        assert guesses.count(whole, time.time(), 60, 1) is None
        assert guesses.count(whole, time.time(), 60, 1) is not None


@pytest.mark.thorough
def test_the_worker_puts_a_pickled_task_aside(stack: RunningStack, folder: Path) -> None:
    body = b64encode(pickle.dumps(Bomb(folder))).decode()
    # The one that reads backups has a worker of its own, where there are any.
    served = [queue for queue in Queue if queue is not Queue.RESTORING]
    for queue in served:
        task = {
            "body": body,
            "content-type": "application/x-python-serialize",
            "content-encoding": "binary",
            "headers": {"task": "wiq.outbox.tasks.sweep", "id": secrets.token_hex(8)},
            "properties": {
                "body_encoding": "base64",
                "delivery_tag": secrets.token_hex(8),
                "delivery_info": {"exchange": "celery", "routing_key": str(queue)},
            },
        }
        with Redis.from_url(stack.announced()["REDIS_URL"]) as server:
            server.lpush(f"wiq-queue:{queue}", json.dumps(task))
    log = stack.state / "log" / "worker.log"
    deadline = time.monotonic() + 20
    while (aside := log.read_text().count("ContentDisallowed")) < len(served):
        assert time.monotonic() < deadline, f"{aside} of {len(served)} were put aside"
        time.sleep(0.2)
    assert stack.get("/health/ready").status == 200
