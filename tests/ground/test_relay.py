"""A mail server that takes nothing from us: no mail ends by that, and the health page knows."""

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db.models.functions import Now
from django.test import Client

from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from tests.stack.running import free_port
from wiq.mail.tasks import TRIES
from wiq.outbox import services
from wiq.outbox.models import Pointer, State

REFUSES = "failed: RefusesUs"


class Relay:
    """A real SMTP server; what it says to senders and recipients can be changed."""

    to_sender = to_recipient = ""

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    handler = Relay()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()


def try_again(pointer: Pointer, district: District) -> Pointer:
    Pointer.objects.update(next_at=Now())
    return run(pointer, district)


def mail_part(platform: Client) -> str:
    return str(platform.get("/health/ready").json()["mail"])


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("to_sender", "530 5.7.0 Authentication required"),
        ("to_sender", "550 5.7.1 Sender not allowed"),
        ("to_sender", "553 5.7.1 not yours"),
        ("to_recipient", "554 5.7.1 Relay access denied"),
    ],
)
def test_a_relay_that_refuses_us_is_noticed_and_ends_no_mail(
    nord: District, platform: Client, relay: Relay, at: str, words: str
) -> None:
    setattr(relay, at, words)
    pointer = write_mail(nord)
    for _ in range(TRIES):
        assert mail_part(platform) == "ok"
        pointer = try_again(pointer, nord)
        assert pointer.state == State.PENDING
    assert mail_part(platform) == REFUSES
    setattr(relay, at, "")
    assert try_again(pointer, nord).state == State.SENT
    assert mail_part(platform) == "ok"


def test_a_server_that_is_away_is_noticed(nord: District, platform: Client, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    pointer = write_mail(nord)
    for _ in range(TRIES):
        pointer = try_again(pointer, nord)
    assert mail_part(platform) == REFUSES


def test_a_refused_address_says_nothing_about_the_server(
    nord: District, platform: Client, relay: Relay
) -> None:
    relay.to_recipient = "450 4.2.2 Mailbox full"
    pointer = write_mail(nord)
    for _ in range(TRIES + 1):
        pointer = try_again(pointer, nord)
    relay.to_recipient = "550 5.1.1 No such user"
    assert try_again(pointer, nord).state == State.DEAD
    assert mail_part(platform) == "ok"


def test_a_mail_that_is_too_large_ends_although_the_sender_is_told() -> None:
    failure = services.read_failure(smtplib.SMTPSenderRefused(552, b"5.3.4 too big", "a@b.example"))
    assert (failure.permanent, failure.concerns_all_mails) == (True, False)
    later = services.read_failure(smtplib.SMTPSenderRefused(451, b"4.3.0 later", "a@b.example"))
    assert (later.permanent, later.concerns_all_mails) == (False, False)
