"""A mail server that takes nothing from us: no mail ends by that, and whoever runs it is told once.

Against real SMTP servers that refuse at each step of the conversation.
"""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from django.db.models.functions import Now
from django.test import Client
from structlog.testing import capture_logs

from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from tests.stack.running import free_port
from wiq.outbox import metrics, services
from wiq.outbox.failures import read_failure
from wiq.outbox.models import Pointer, State, Trouble
from wiq.outbox.times import TOLD_AFTER
from wiq.outbox.verdicts import FINAL, About, Step, about

REFUSES = "failed: RefusesUs"


class Relay:
    """A real SMTP server; what it says at each step can be changed, and it counts what it heard."""

    to_sender = to_recipient = to_content = ""
    bad_address = bad_answer = ""

    def __init__(self) -> None:
        self.asked = self.taken = self.sign_ins = 0

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.asked += 1
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        if address == self.bad_address:
            return self.bad_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += not self.to_content
        return self.to_content or "250 OK"


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    handler = Relay()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()


def time_passes() -> None:
    """Let every wait end."""
    Pointer.objects.update(next_at=Now(), lease=None, leased_until=None)
    Trouble.objects.update(retry_at=Now(), tried_at=Now() - timedelta(minutes=1))


def try_again(pointer: Pointer, district: District) -> Pointer:
    time_passes()
    return run(pointer, district)


def try_all(pointers: list[Pointer], district: District) -> list[str]:
    """Let a worker take every mail once, as tasks that were queued before; return their states."""
    return [run(pointer, district).state for pointer in pointers]


def mail_part(platform: Client) -> str:
    return str(platform.get("/health/ready").json()["mail"])


OF_US = [
    ("to_sender", "530 5.7.0 Must issue a STARTTLS command first"),
    ("to_sender", "550 5.7.1 Sender not allowed"),
    ("to_sender", "553 5.7.1 not yours"),
    ("to_sender", "552 5.3.4 Message size exceeds fixed limit"),
    ("to_recipient", "553 5.7.1 Sender address rejected: not owned by user"),
    ("to_recipient", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("to_recipient", "554 5.7.1 Relay access denied"),
    ("to_recipient", "550 relay not permitted"),
    ("to_recipient", "550 5.1.8 Sender's domain does not exist"),
    ("to_content", "550 5.4.5 Daily user sending limit exceeded"),
    ("to_content", "554 5.7.0 limit exceeded, try again later"),
    ("to_content", "552 too much data"),
    ("to_content", "550 never"),
]


@pytest.mark.parametrize(("at", "words"), OF_US)
def test_what_is_about_us_is_noticed_and_ends_no_mail(
    nord: District, platform: Client, relay: Relay, at: str, words: str
) -> None:
    setattr(relay, at, words)
    pointer = write_mail(nord)
    Pointer.objects.update(waiting_since=Now() - timedelta(days=400))
    for _ in range(TOLD_AFTER):
        assert mail_part(platform) == "ok"
        pointer = try_again(pointer, nord)
        assert pointer.state == State.PENDING
    assert mail_part(platform) == REFUSES
    setattr(relay, at, "")
    assert try_again(pointer, nord).state == State.SENT
    assert mail_part(platform) == "ok"


def test_the_operator_is_told_once_with_the_servers_words(
    nord: District, platform: Client, console: Client, relay: Relay
) -> None:
    relay.to_sender = "550 5.7.1 <post@wiq.example> is not yours, ask the postmaster"
    shown = "550 5.7.1 &lt;&lt;e-mail&gt;&gt; is not yours"
    pointer = write_mail(nord)
    with capture_logs() as logs:
        for _ in range(TOLD_AFTER + 3):
            pointer = try_again(pointer, nord)
    (told,) = [line for line in logs if line["event"] == "mail.server_refuses"]
    assert told["log_level"] == "error"
    assert "is not yours" in told["words"]
    assert "post@" not in str(logs)
    answer = platform.get("/health/ready").json()
    assert (answer["mail"], answer["mail_server"]) == (REFUSES, told["words"])
    ((labels, seconds),) = metrics._refused()
    assert (list(labels), seconds >= 0) == ([told["words"]], True)
    assert shown in console.get("/plattform/").content.decode()
    relay.to_sender = ""
    with capture_logs() as logs:
        assert try_again(pointer, nord).state == State.SENT
    assert [line["event"] for line in logs].count("mail.server_takes_again") == 1
    assert "mail_server" not in platform.get("/health/ready").json()
    assert list(metrics._refused()) == []
    assert "is not yours" not in console.get("/plattform/").content.decode()


def test_what_the_server_refuses_is_tried_once_for_all_and_then_everything_goes(
    nord: District, sued: District, relay: Relay
) -> None:
    relay.to_sender = "550 5.7.1 Sender not allowed"
    of = [(nord, write_mail(nord)) for _ in range(8)] + [(sued, write_mail(sued))]
    for _ in range(4):
        assert [run(pointer, district).state for district, pointer in of] == ["pending"] * 9
    assert relay.asked == 1
    assert services.claim_due() == []  # the sweeper queues nothing meanwhile
    time_passes()
    assert len(services.claim_due()) == 1
    time_passes()
    for district, pointer in of:
        run(pointer, district)
    assert relay.asked == 2
    relay.to_sender = ""
    time_passes()
    assert [run(pointer, district).state for district, pointer in of] == ["sent"] * 9
    assert (relay.asked, relay.taken) == (2 + 9, 9)


@pytest.mark.parametrize("attempts", [3, 500])
def test_who_asks_for_all_asks_again_within_a_minute(
    nord: District, relay: Relay, attempts: int
) -> None:
    relay.to_sender = "550 5.7.1 Sender not allowed"
    pointer = run(write_mail(nord), nord)
    Trouble.objects.update(tries=attempts)
    try_again(pointer, nord)
    assert Trouble.objects.filter(retry_at__gt=Now() + timedelta(seconds=15)).exists()
    assert not Trouble.objects.filter(retry_at__gt=Now() + timedelta(seconds=61)).exists()


def test_a_turn_that_ended_with_its_worker_or_a_fast_clock_holds_nobody_up(
    nord: District, relay: Relay
) -> None:
    relay.to_sender = "550 5.7.1 Sender not allowed"
    pointer = run(write_mail(nord), nord)
    relay.to_sender = ""
    Pointer.objects.update(next_at=Now())
    for days in (-1, 1):
        Trouble.objects.update(retry_at=Now() + timedelta(days=days))
        assert len(services.claim_due()) == 1
        Pointer.objects.update(lease=None, leased_until=None)
    assert run(pointer, nord).state == State.SENT


def test_an_address_that_does_not_exist_hands_the_turn_on_at_once(
    nord: District, relay: Relay
) -> None:
    relay.to_sender = "550 5.7.1 Sender not allowed"
    bad, good = write_mail(nord, to="bad@b.example"), write_mail(nord)
    run(bad, nord)
    relay.to_sender = ""
    relay.bad_address, relay.bad_answer = "bad@b.example", "550 5.1.1 No such user"
    assert try_again(bad, nord).state == State.DEAD
    assert len(services.claim_due()) == 1
    Pointer.objects.update(lease=None, leased_until=None)
    assert run(good, nord).state == State.SENT


def test_one_mail_that_is_refused_holds_up_no_other(
    nord: District, relay: Relay, platform: Client
) -> None:
    relay.bad_address, relay.bad_answer = "bad@b.example", "554 5.7.1 looks like spam"
    bad = write_mail(nord, to="bad@b.example")
    others = [write_mail(nord) for _ in range(3)]
    assert run(bad, nord).state == State.PENDING
    assert try_all(others, nord) == ["sent"] * 3
    assert not Trouble.objects.exists()
    more = [write_mail(nord), write_mail(nord)]
    assert try_again(bad, nord).state == State.PENDING
    assert try_all(more, nord) == ["sent"] * 2


def test_a_limit_that_several_mails_meet_holds_all(nord: District, relay: Relay) -> None:
    relay.to_content = "550 5.4.5 Daily user sending limit exceeded"
    pointers = [write_mail(nord) for _ in range(6)]
    assert try_all(pointers, nord) == ["pending"] * 6
    assert relay.asked == 2
    relay.to_content = ""
    time_passes()
    assert try_all(pointers, nord) == ["sent"] * 6


class Password:
    """Counts who tries to sign in."""

    def __init__(self) -> None:
        self.count, self.right = 0, False

    def __call__(self, *_words: Any) -> AuthResult:
        self.count += 1
        return AuthResult(success=self.right, handled=False)


@pytest.fixture
def door(settings: Any) -> Iterator[Password]:
    """A server that wants a sign-in."""
    password, handler = Password(), Relay()

    class Signed(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                handler, authenticator=password, auth_required=True, auth_require_tls=False,
                enable_SMTPUTF8=True,
            )  # fmt: skip

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "wiq", "wrong"
    controller = Signed(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield password
    controller.stop()


@pytest.mark.thorough
def test_a_wrong_password_is_tried_once_for_the_whole_platform(
    nord: District, sued: District, door: Password
) -> None:
    of = [(nord, write_mail(nord)) for _ in range(8)] + [(sued, write_mail(sued))]
    for district, pointer in of:
        assert run(pointer, district).state == State.PENDING
    tried = door.count
    # One connection may try several ways to sign in (smtplib tries each that is offered).
    assert Trouble.objects.get().tries == 1
    for _ in range(10):
        for district, pointer in of:
            run(pointer, district)
    assert door.count == tried
    assert "535" in Trouble.objects.get().words
    door.right = True
    time_passes()
    assert [run(pointer, district).state for district, pointer in of] == ["sent"] * 9


def test_a_server_that_offers_no_tls_or_is_away_holds_all(
    nord: District, platform: Client, settings: Any, relay: Relay
) -> None:
    pointers = [write_mail(nord), write_mail(nord)]
    settings.EMAIL_USE_TLS = True
    assert try_all(pointers, nord) == ["pending"] * 2
    assert relay.asked == 0
    settings.EMAIL_USE_TLS, settings.EMAIL_PORT = False, free_port()
    for _ in range(TOLD_AFTER):
        try_again(pointers[0], nord)
    assert mail_part(platform) == REFUSES
    assert "refused" in str(Trouble.objects.get())


def test_a_refused_address_says_nothing_about_the_server(
    nord: District, platform: Client, relay: Relay
) -> None:
    relay.to_recipient = "450 4.2.2 Mailbox full"
    pointer = write_mail(nord)
    for _ in range(TOLD_AFTER + 1):
        pointer = try_again(pointer, nord)
    relay.to_recipient = "550 5.1.1 No such user"
    assert try_again(pointer, nord).state == State.DEAD
    assert mail_part(platform) == "ok"
    assert not Trouble.objects.exists()


@pytest.mark.parametrize("code", FINAL)
def test_what_is_final_stands_in_the_table_with_its_source(code: str) -> None:
    steps, source = FINAL[code]
    assert "RFC" in source
    for step in Step:
        is_final = about(step, 550, f"{code} no") == About.RECIPIENT
        assert is_final is (step in steps)


@pytest.mark.parametrize(
    ("step", "code", "words", "verdict"),
    [
        (Step.RCPT, 550, "5.1.0 Sender denied", About.REFUSED),
        (Step.RCPT, 550, "5.1.7 bad sender", About.REFUSED),
        (Step.RCPT, 550, "5.4.1 Recipient address rejected: Access denied", About.REFUSED),
        (Step.RCPT, 550, "5.2.1 receiving mail at a rate that prevents", About.REFUSED),
        (Step.RCPT, 550, "5.11.1 no", About.REFUSED),
        (Step.RCPT, 550, "Unknown user", About.RECIPIENT),
        (Step.RCPT, 551, "User not local", About.RECIPIENT),
        (Step.RCPT, 550, "5.1.1 User unknown in relay recipient table", About.RECIPIENT),
        (Step.DATA, 550, "5.1.1 no such user", About.RECIPIENT),
        (Step.RCPT, 552, "5.2.2 over quota", About.MAILBOX),
        (Step.RCPT, 452, "4.2.2 Mailbox is full / Blocks limit exceeded", About.MAILBOX),
        (Step.DATA, 552, "5.2.2 Mailbox is full / Quota exceeded", About.MAILBOX),
        (Step.RCPT, 450, "4.2.0 Greylisted", About.MAILBOX),
        (Step.RCPT, 450, "4.2.1 Peak SMTP relay limit exceeded for customer", About.LATER),
        (Step.RCPT, 450, "4.1.8 Sender's domain not found", About.LATER),
        (Step.RCPT, 451, "4.7.1 later", About.LATER),
        (Step.MAIL, 451, "4.3.0 later", About.LATER),
        (Step.MAIL, 552, "5.3.4 too big", About.REFUSED),
        (Step.DATA, 451, "4.3.0 later", About.LATER),
        (Step.DATA, 421, "bye", About.SERVER),
        (Step.BEFORE, 454, "4.7.0 TLS not available", About.SERVER),
    ],
)
def test_whom_an_answer_is_about(step: Step, code: int, words: str, verdict: About) -> None:
    assert about(step, code, words) == verdict


def test_an_address_that_a_server_can_not_take_stops_no_other_mail() -> None:
    error = smtplib.SMTPNotSupportedError(
        "One or more source or delivery addresses require internationalized email support, but the"
        " server does not advertise the required SMTPUTF8 capability"
    )
    assert read_failure(error).about == About.REFUSED
