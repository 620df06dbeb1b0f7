"""A disk without room: nobody sees "Server Error", readers go on, and all comes back by itself."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.outages import WEST, full, in_time, small_disk
from tests.faults.test_outages import apologises, apologises_to_programs
from tests.stack.prepared import prepared
from tests.stack.running import Answer, RunningStack, eventually

pytestmark = [pytest.mark.thorough]
# Servers, districts and logs of a new stack, and a little room.
MEGABYTES = 600
LONG = "Guten Tag, das ist ein langer Versuch. " * 120


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    with small_disk(MEGABYTES) as folder:
        yield folder


@pytest.fixture(scope="module")
def stack(disk: Path) -> Iterator[RunningStack]:
    running = RunningStack(prepared(disk / "state")).start()
    yield running
    running.stop()


def send(stack: RunningStack, number: int) -> Answer:
    data = {"name": "E", "email": f"e{number}@e.example", "message": LONG}
    return stack.get(
        "/api/v1/contact-requests/", WEST, data | {"privacy_acknowledged": True},
        **{"Accept-Language": "de"},
    )  # fmt: skip


def test_writers_are_told_and_readers_go_on(stack: RunningStack, disk: Path) -> None:
    eventually(stack.healthy, 30)
    for _ in range(2):
        assert stack.get("/menschen/", WEST).status == 200
    with full(disk):
        health = in_time(lambda: stack.get("/health/ready"))
        assert health.status == 503
        assert health.json()["disk"] == "failed: DiskFull"
        assert health.json()["database"] == "failed: OperationalError"
        answers = [send(stack, number) for number in range(60)]
        assert {answer.status for answer in answers} <= {201, 503}
        refused = [answer for answer in answers if answer.status == 503]
        apologises_to_programs(refused[-1])
        assert in_time(lambda: stack.get("/menschen/", WEST)).status == 200
    eventually(stack.healthy, 90, "healthy with room again")
    taken = {answer.json()["reference"] for answer in answers if answer.status == 201}
    # Whatever was accepted arrives.
    eventually(lambda: all(stack.get("/postfach/").text.count(word) == 2 for word in taken), 150)


def test_a_worker_that_cannot_write_does_not_end_the_stack(stack: RunningStack, disk: Path) -> None:
    eventually(stack.healthy, 30)
    for _ in range(2):
        assert stack.get("/menschen/", WEST).status == 200
    deadline = time.monotonic() + 120
    with full(disk):
        # Valkey refuses to write, and Celery's worker ends by that, over and over.
        while "worker keeps ending" not in stack.output:
            assert in_time(lambda: stack.get("/menschen/", WEST)).status == 200
            assert time.monotonic() < deadline, stack.output[-2000:]
            time.sleep(0.3)
        # Its last sign of life still counts for a while.
        eventually(
            lambda: stack.get("/health/ready").json()["worker"] == "failed: NoSignOfLife", 40
        )
    eventually(stack.healthy, 60)
    assert stack.send_request("danach@reise.example").status == 201


def test_a_form_on_a_full_disk_says_that_nothing_was_saved(stack: RunningStack, disk: Path) -> None:
    eventually(stack.healthy, 60)
    fields = {"team": "unterstuetzungsteam", "name": "E", "email": "f@f.example", "phone": "",
              "message": LONG, "privacy_acknowledged": "on"}  # fmt: skip
    with full(disk):
        answers = [
            stack.post_form("/kontakt/", WEST, fields | {"message": f"{number} {LONG}"})
            for number in range(60)
        ]
    refused = [answer for answer in answers if answer.status != 303]
    assert refused
    for answer in refused:
        apologises(answer)
        assert "Wir können gerade nichts speichern." in answer.text
    eventually(stack.healthy, 90)
