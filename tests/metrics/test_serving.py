"""The port of the numbers, on a running stack: for all processes, and nothing but numbers."""

import re
from collections.abc import Iterator

import pytest

from tests.metrics.conftest import Counted
from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, open_folder

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"


@pytest.fixture(scope="module")
def counted() -> Iterator[Counted]:
    with open_folder("wiq-numbers-") as folder:
        stack = Counted(prepared(folder / "state")).start()
        yield stack
        stack.stop()


def test_one_port_has_the_numbers_of_web_worker_and_beat(counted: Counted) -> None:
    assert f"http://127.0.0.1:{counted.numbers_port}/metrics" in counted.output
    for _turn in range(3):
        assert counted.get("/menschen/", WEST).status == 200
    assert counted.send_request("erika@beispiel.example").status == 201
    delivered = ("wiq_tasks_total",
                 (("outcome", "done"), ("task", "wiq.mail.tasks.deliver")))  # fmt: skip
    sent = ("wiq_mails", (("state", "sent"),))
    # A task may find its mail with another one that sends several at once.
    eventually(lambda: counted.numbers().get(sent, 0) >= 2, 30)
    now = counted.numbers()
    assert now["wiq_requests_total", (("host", "district"), ("status", "2xx"))] >= 2
    assert now["wiq_pages_from_memory_total", (("host", "district"),)] >= 2
    assert now["wiq_requests_total", (("host", "platform"), ("status", "2xx"))] >= 1
    for process in ("worker", "beat"):
        assert now["wiq_last_sign_timestamp_seconds", (("process", process),)] > 1e9
    assert now[delivered] >= 1
    assert now["wiq_districts", (("state", "published"),)] == 2
    assert now["wiq_measures_failed", ()] == 0


def test_nothing_of_anybody_is_in_the_numbers(counted: Counted) -> None:
    counted.send_request("sehr.geheim@beispiel.example")
    counted.get("/kontakt/?name=geheim", WEST)
    _status, text = counted.fetch()
    assert not re.search(r"geheim|erika|@|leipziger|127\.0\.0|198\.51|d_[0-9a-f]{16}", text, re.I)


def test_the_port_serves_numbers_alone_and_the_public_one_none(counted: Counted) -> None:
    for path in ("/", "/metrics/x", "/health/ready", "/menschen/"):
        assert counted.fetch(path)[0] == 404
    for host in ("localhost", WEST):
        assert counted.get("/metrics", host).status == 404


def test_another_process_serves_on_when_the_one_that_did_is_killed(counted: Counted) -> None:
    holders = [
        process for process in counted.processes()
        if any(c.laddr.port == counted.numbers_port for c in process.net_connections("tcp")
               if c.status == "LISTEN")
    ]  # fmt: skip
    [holder] = holders
    before = counted.numbers()
    holder.kill()

    def again() -> bool:
        try:
            return counted.fetch()[0] == 200
        except OSError:
            return False

    eventually(again, 15)
    # What the dead process had counted still counts.
    key = ("wiq_requests_total", (("host", "district"), ("status", "2xx")))
    assert counted.numbers()[key] >= before[key]
    eventually(counted.healthy, 30)


def test_a_port_that_is_taken_or_none_is_told_in_one_line(counted: Counted) -> None:
    with open_folder("wiq-numbers-") as folder:
        for port, said in (
            (str(counted.numbers_port), "can't be used"),
            ("neun", "must be a port"),
        ):
            stack = RunningStack(folder / "state", WIQ_METRICS_PORT=port)
            with pytest.raises(AssertionError, match="WIQ_METRICS_PORT") as refused:
                stack.start()
            assert said in str(refused.value)
            assert stack.process is not None
            assert stack.process.wait(5) == 2
            assert len(stack.output.strip().splitlines()) == 1
            assert not (folder / "state").exists()
