"""Connections to the mail server stay open: many mails go over one, and none is lost or doubled."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from tests.stack.running import eventually, free_port
from wiq.mail import kept
from wiq.outbox.models import State, Trouble


class Server:
    """A real SMTP server that counts connections, and ends them as a test wants."""

    hangs_up_after_each = hangs_up_at_data = False
    most = 1000

    def __init__(self) -> None:
        self.connections = self.goodbyes = 0
        self.taken: Counter[str] = Counter()
        self.of_connection: Counter[int] = Counter()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str,
                          responses: list[str]) -> list[str]:  # fmt: skip
        self.connections += 1
        session.host_name = hostname
        session.number = self.connections
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str,
                          options: Any) -> str:  # fmt: skip
        if self.of_connection[session.number] >= self.most:
            return "421 4.7.0 enough mails over this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hangs_up_at_data:
            server.transport.abort()
            return "451 gone"
        self.taken.update(envelope.rcpt_tos)
        self.of_connection[session.number] += 1
        if self.hangs_up_after_each:
            asyncio.get_running_loop().call_later(0.02, server.transport.abort)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        self.goodbyes += 1
        return "221 Bye"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    handler = Server()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()


def send(district: District, count: int, name: str = "r") -> list[str]:
    """Write mails and let a worker send them one after the other; return their states."""
    pointers = [write_mail(district, to=f"{name}{one}@kept.example") for one in range(count)]
    return [run(pointer, district).state for pointer in pointers]


def test_many_mails_go_over_one_connection(nord: District, sued: District, server: Server) -> None:
    assert send(nord, 5, "a") + send(sued, 5, "b") == [State.SENT] * 10
    assert server.connections == 1


def test_a_connection_is_renewed_after_a_hundred_mails(
    nord: District, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiq.mail.relay.MOST", 3)
    assert send(nord, 7) == [State.SENT] * 7
    assert server.connections == 3
    assert server.goodbyes == 2


def test_a_server_that_ends_connections_is_no_trouble(nord: District, server: Server) -> None:
    server.most = 2
    assert send(nord, 5, "few") == [State.SENT] * 5
    server.hangs_up_after_each = True
    for number in range(3):
        assert send(nord, 1, f"idle{number}") == [State.SENT]
        time.sleep(0.1)
    assert set(server.taken.values()) == {1}
    assert len(server.taken) == 8
    assert not Trouble.objects.exists()


def test_who_hangs_up_after_the_content_is_not_told_twice(nord: District, server: Server) -> None:
    assert send(nord, 1, "first") == [State.SENT]
    server.hangs_up_at_data = True
    assert send(nord, 1, "second") == [State.PENDING]
    assert Trouble.objects.exists()
    assert server.connections == 1


@pytest.mark.thorough
def test_a_connection_that_nobody_uses_is_ended(
    nord: District, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "IDLE_SECONDS", 0.1)
    assert send(nord, 1) == [State.SENT]
    eventually(lambda: server.goodbyes == 1, 5)
