"""How often one visitor may post: who counts as one, what counts, and for how long."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as RefusedError

from tests.cast import District, body, form, idea_form
from wiq import throttling

NOON = datetime.fromisoformat("2026-11-20T12:00:00+01:00")
API = "/api/v1/contact-requests/"


def post_ten_times(client: Client, address: str) -> None:
    for _number in range(10):
        # What is refused for a mistake was a post as well.
        answer = client.post(API, {}, "application/json", REMOTE_ADDR=address)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("first", "then", "counts_together"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        # A household has a whole /64 to choose from: another address of it is the same visitor.
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:DB8:0:1::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("2001:db8:0:1::1", "2001:db8:0:0:ffff::1", False),
        # A server that listens to both kinds writes an IPv4 visitor like this.
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.7", False),
    ],
)
def test_an_address_counts_and_for_ipv6_its_whole_network(
    nord: District, first: str, then: str, counts_together: bool
) -> None:
    client = nord.client()
    post_ten_times(client, first)
    answer = client.post("/kontakt/", form(), REMOTE_ADDR=then)
    assert answer.status_code == (429 if counts_together else 303)


def test_every_form_and_the_api_count_together(nord: District) -> None:
    client = nord.client()
    post_ten_times(client, "192.0.2.1")
    there = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.post("/idee/", idea_form(), **there).status_code == 429
    assert client.post(API, body(), "application/json", **there).status_code == 429
    assert client.post("/api/v1/ideas/", {}, "application/json", **there).status_code == 429


def test_the_answers_of_a_bringer_count_and_keep_what_was_typed(nord: District) -> None:
    client = nord.client()
    path = client.post("/idee/", idea_form(), REMOTE_ADDR="192.0.2.9").headers["Location"]
    post_ten_times(client, "192.0.2.1")
    late = client.post(path, {"antwort": "Noch ein Gedanke."}, REMOTE_ADDR="192.0.2.1")
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert "Noch ein Gedanke." in late.content.decode()


def test_after_a_minute_one_may_write_again(nord: District) -> None:
    client = nord.client()
    with time_machine.travel(NOON, tick=False):
        post_ten_times(client, "192.0.2.1")
    for seconds, status in ((59, 429), (60, 303)):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            answer = client.post("/kontakt/", form(), REMOTE_ADDR="192.0.2.1")
            assert answer.status_code == status


def test_reading_and_moving_what_came_in_are_not_counted(nord: District) -> None:
    reference = nord.client().post(API, body(), "application/json").json()["reference"]
    ours = nord.client(authorization=f"Bearer {nord.token()}")
    for _number in range(11):
        assert ours.get(API).status_code == 200
        moved = ours.patch(f"{API}{reference}/", {"state": "taken"}, "application/json")
        assert moved.status_code == 200
    assert nord.client().post(API, body(), "application/json").status_code == 201


def test_of_many_at_once_no_more_than_the_limit_get_through(nord: District) -> None:
    key = f"throttle-{secrets.token_hex(8)}"
    now = NOON.timestamp()
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _number: throttling.count(key, now, 60, 10), range(64)))
    assert waits.count(None) == 10
    assert {wait for wait in waits if wait is not None} == {60.0}
    server = get_redis_connection("default")
    assert 0 < server.ttl(key) <= 60
    server.delete(key)


def test_while_valkey_is_away_each_process_counts_by_itself(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str) -> None:
        raise RefusedError("away")

    monkeypatch.setattr(throttling, "get_redis_connection", away)
    monkeypatch.setattr(throttling, "_local", throttling.LocalCount())
    post_ten_times(nord.client(), "192.0.2.1")
    for district, address, status in (
        (nord, "192.0.2.1", 429), (nord, "192.0.2.2", 400), (sued, "192.0.2.1", 400)
    ):  # fmt: skip
        answer = district.client().post(API, {}, "application/json", REMOTE_ADDR=address)
        assert answer.status_code == status


def test_the_count_of_a_process_forgets_what_is_older_than_a_minute() -> None:
    local, now = throttling.LocalCount(), NOON.timestamp()
    assert [local.count("a", now + second, 60, 3) for second in (0, 10, 20)] == [None] * 3
    assert local.count("a", now + 30, 60, 3) == 30
    assert local.count("a", now + 60, 60, 3) is None
    assert local.count("b", now, 60, 3) is None
