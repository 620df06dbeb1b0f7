"""Parts that hang or are missing without an error: the health page notices, and holds nobody up."""

import threading
import time
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.faults.outages import WEST, hung, in_time
from tests.faults.test_faults import MailServer
from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, open_folder

pytestmark = [pytest.mark.thorough]
# A sign of life lasts 20 s.
NOTICED = 30


class Refusing(MailServer):
    """A relay that wants a sign-in which we don't have."""

    refuses = True

    async def handle_MAIL(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        if self.refuses:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()


@pytest.fixture(scope="module")
def relay() -> Iterator[Refusing]:
    server = Refusing()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stack(relay: Refusing) -> Iterator[RunningStack]:
    with open_folder("wiq-silent-") as folder:
        address = f"smtp://127.0.0.1:{relay.port}"
        running = RunningStack(prepared(folder / "state"), EMAIL_URL=address).start()
        yield running
        running.stop()


def part(stack: RunningStack, name: str) -> str:
    return str(in_time(lambda: stack.get("/health/ready")).json()[name])


def test_a_worker_that_hangs_is_noticed_and_its_beat_with_it(stack: RunningStack) -> None:
    parts = ("worker", "beat")
    for name in parts:
        eventually(lambda name=name: part(stack, name) == "ok", NOTICED)
    with hung(stack, "celery_app worker"):
        for name in parts:
            eventually(lambda name=name: part(stack, name) == "failed: NoSignOfLife", NOTICED)
        assert part(stack, "database") == "ok"
        assert in_time(lambda: stack.get("/loesungsteams/?q=neu", WEST)).status == 200
    for name in parts:
        eventually(lambda name=name: part(stack, name) == "ok", NOTICED)


def test_whoever_asks_for_health_takes_no_page_away(stack: RunningStack) -> None:
    """Before, each question waited a second for a missing worker: four of them, and web stood."""
    done = threading.Event()

    def ask_on() -> None:
        while not done.is_set():
            stack.get("/health/ready")

    with hung(stack, "celery_app worker"):
        crowd = [threading.Thread(target=ask_on) for _ in range(8)]
        for one in crowd:
            one.start()
        try:
            time.sleep(1)
            for number in range(5):
                assert in_time(lambda n=number: stack.get(f"/?neu={n}", WEST)).status == 200  # type: ignore[misc]
        finally:
            done.set()
            for one in crowd:
                one.join()


def test_a_relay_that_refuses_us_is_noticed_and_loses_no_mail(
    stack: RunningStack, relay: Refusing
) -> None:
    assert stack.send_request("relay@reise.example").status == 201
    eventually(lambda: part(stack, "mail") == "failed: RefusesUs", 60)
    relay.refuses = False
    eventually(lambda: relay.accepted["relay@reise.example"] == 1, 90)
    eventually(lambda: part(stack, "mail") == "ok", 60)
    relay.refuses = True
