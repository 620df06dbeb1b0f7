"""Faults on the real parts: nothing is lost, and doubles are only what was in flight at a kill."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller

from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, free_port, lives, open_folder

pytestmark = [pytest.mark.thorough]
BATCH = 12


class MailServer:
    """An SMTP server that a test takes away, brings back and lets stall."""

    def __init__(self) -> None:
        self.port = free_port()
        self.accepted: Counter[str] = Counter()
        self.stalled = threading.Event()
        self.controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        import asyncio

        while self.stalled.is_set():
            await asyncio.sleep(0.05)
        self.accepted.update(envelope.rcpt_tos)
        return "250 OK"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stalled.clear()
    server.stop()


@pytest.fixture(scope="module")
def stack(mail_server: MailServer) -> Iterator[RunningStack]:
    with open_folder("wiq-faults-") as folder:
        address = f"smtp://127.0.0.1:{mail_server.port}"
        running = RunningStack(prepared(folder / "state"), EMAIL_URL=address).start()
        yield running
        running.stop()


def send(stack: RunningStack, name: str, count: int = BATCH) -> list[str]:
    """Send requests, each from an address of its own; return the addresses."""
    addresses = [f"{name}{number}@fault.example" for number in range(count)]
    for address in addresses:
        assert stack.send_request(address).status == 201
    return addresses


def all_arrived(server: MailServer, addresses: list[str]) -> bool:
    return all(server.accepted[address] for address in addresses)


def database(stack: RunningStack) -> "psycopg.Connection[Any]":
    url = stack.announced()["DATABASE_URL"].replace("postgres://", "postgresql://")
    return psycopg.connect(url, autocommit=True)


def pending(stack: RunningStack) -> int:
    with database(stack) as connection:
        row = connection.execute("SELECT count(*) FROM outbox_pointer WHERE state <> 'sent'")
        return int((row.fetchone() or (0,))[0])


def test_mail_server_down_requests_are_accepted_and_delivered_within_two_minutes_of_its_return(
    stack: RunningStack, mail_server: MailServer
) -> None:
    mail_server.stop()
    addresses = send(stack, "down")
    time.sleep(12)
    assert pending(stack) == 2 * BATCH
    mail_server.start()
    eventually(lambda: all_arrived(mail_server, addresses) and not pending(stack), 120)
    assert {mail_server.accepted[address] for address in addresses} == {1}


def test_worker_killed_while_sending_loses_nothing(
    stack: RunningStack, mail_server: MailServer
) -> None:
    mail_server.stalled.set()
    addresses = send(stack, "killed")
    time.sleep(1)
    stack.child("celery_app worker").kill()
    mail_server.stalled.clear()
    eventually(lambda: all_arrived(mail_server, addresses) and not pending(stack), 150)
    # Four threads: at the most four were in flight, and only those may come twice.
    doubles = sum(mail_server.accepted[address] - 1 for address in addresses)
    assert doubles <= 4


def test_valkey_emptied_with_a_full_queue_loses_nothing(
    stack: RunningStack, mail_server: MailServer
) -> None:
    worker = stack.child("celery_app worker")
    worker.suspend()
    addresses = send(stack, "emptied")
    server = redis.Redis.from_url(stack.announced()["REDIS_URL"])
    assert server.dbsize()
    server.flushall()
    worker.resume()
    eventually(lambda: all_arrived(mail_server, addresses) and not pending(stack), 120)
    assert {mail_server.accepted[address] for address in addresses} == {1}


def test_valkey_killed_visitors_notice_nothing(
    stack: RunningStack, mail_server: MailServer
) -> None:
    stack.child("valkey").kill()
    addresses = send(stack, "valkey")
    eventually(lambda: all_arrived(mail_server, addresses) and not pending(stack), 120)
    eventually(stack.healthy, 30)


def test_postgresql_killed_loses_nothing_that_was_accepted(
    stack: RunningStack, mail_server: MailServer
) -> None:
    mail_server.stop()
    addresses = send(stack, "postgres")
    stack.child("bin/postgres").kill()
    mail_server.start()
    eventually(stack.healthy, 30, "healthy after PostgreSQL came back")
    eventually(lambda: all_arrived(mail_server, addresses) and not pending(stack), 150)
    assert stack.get("/menschen/", "leipziger-westen.localhost").status == 200


def test_every_child_that_is_killed_comes_back(stack: RunningStack) -> None:
    for words in ("wiq.web_alone", "celery_app"):
        child = stack.child(words)
        child.kill()
        eventually(lambda child=child: not child.is_running(), 10)
        eventually(stack.healthy, 30, words)
        with socket.create_connection(("127.0.0.1", stack.port), timeout=5):
            pass


def test_a_new_district_keeps_counting_where_postgresql_is_killed_soon_after(
    mail_server: MailServer,
) -> None:
    # With wal_level=minimal a sequence that was used in the transaction that made it went back to
    # its first numbers after a crash, and every request failed with a duplicate key.
    with open_folder("wiq-faults-") as folder:
        address = f"smtp://127.0.0.1:{mail_server.port}"
        fresh = RunningStack(folder / "state", EMAIL_URL=address).start()
        try:
            addresses = send(fresh, "before")
            server = fresh.child("bin/postgres")
            server.kill()
            eventually(lambda: not lives(server) and fresh.healthy(), 30)
            addresses += send(fresh, "after")
            eventually(lambda: all_arrived(mail_server, addresses), 120)
        finally:
            fresh.stop()
