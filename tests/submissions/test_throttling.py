"""How often one visitor may post: who counts as one, what counts, and for how long."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import District, body, form, idea_form

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
