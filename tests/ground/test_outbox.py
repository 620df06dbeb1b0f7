"""The outbox: nothing lost, nothing sent twice but what was in flight."""

import smtplib
import socket
import uuid
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from celery import current_app
from django.db.models.functions import Now
from django.test import Client
from kombu.exceptions import OperationalError

from tests.cast import District, form
from wiq.celery_app import WrongSchema
from wiq.mail import sending
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.mail.tasks import deliver
from wiq.outbox import services
from wiq.outbox.failures import read_failure
from wiq.outbox.models import Pointer, State, Trouble
from wiq.outbox.tasks import sweep


def write_mail(district: District, to: str = "r@beispiel.example") -> Pointer:
    with district.inside():
        message = mail.enqueue(kind="test", to=to, subject="Betreff", text="Text")
    return Pointer.objects.get(message_uuid=message.uuid)


def run(pointer: Pointer, district: District) -> Pointer:
    """Run the delivery task as a worker does, and return the pointer as it is then."""
    schema = district.row.schema_name
    deliver.apply(args=[pointer.pk], headers={"_schema_name": schema}, throw=True)
    return Pointer.objects.get(pk=pointer.pk)


@pytest.fixture
def mail_server(settings: Any) -> Any:
    """Start an SMTP server that answers as a test wants, and send everything there."""
    started: list[Controller] = []

    class Answers:
        reply = "250 OK"
        at = "DATA"
        accepted = 0

        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str,
                              options: Any) -> str:  # fmt: skip
            if self.at == "RCPT" and self.reply != "250 OK":
                return self.reply
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            if self.reply == "250 OK":
                self.accepted += 1
            return self.reply

    handler = Answers()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    started.append(controller)
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    for controller in started:
        controller.stop()


def test_a_delivered_mail_is_sent_once_however_often_its_task_comes(
    nord: District, mail_server: Any
) -> None:
    pointer = write_mail(nord)
    for _index in range(5):
        pointer = run(pointer, nord)
    assert (pointer.state, pointer.attempts, mail_server.accepted) == (State.SENT, 1, 1)
    with nord.inside():
        assert Message.objects.get(uuid=pointer.message_uuid).sent_at


def test_while_one_worker_tries_no_other_does(nord: District, mail_server: Any) -> None:
    pointer = write_mail(nord)
    assert services.lease_one(pointer.pk) is not None
    assert services.lease_one(pointer.pk) is None
    run(pointer, nord)
    assert mail_server.accepted == 0


def test_after_a_workers_death_the_lease_ends_and_the_sweeper_finds_the_mail(
    nord: District, mail_server: Any
) -> None:
    pointer = write_mail(nord)
    services.lease_one(pointer.pk)
    assert services.claim_due() == []
    Pointer.objects.filter(pk=pointer.pk).update(leased_until=Now() - timedelta(seconds=1))
    sending.send_waiting()
    pointer.refresh_from_db()
    assert (pointer.state, pointer.attempts, mail_server.accepted) == (State.SENT, 2, 1)


def test_two_sweepers_never_take_the_same_mail(nord: District, sued: District) -> None:
    for district in (nord, sued, nord):
        write_mail(district)
    first, second = services.claim_due(limit=2), services.claim_due()
    assert len(first) == 2
    assert len(second) == 1
    assert not {one.pk for one in first} & {one.pk for one in second}


@pytest.mark.parametrize(
    ("at", "reply", "state", "reason"),
    [
        ("DATA", "421 closing", State.PENDING, "SMTP 421"),
        ("DATA", "450 later", State.PENDING, "SMTP 450"),
        ("DATA", "550 never", State.PENDING, "SMTP 550"),
        ("RCPT", "450 later", State.PENDING, "SMTP 450: recipient refused"),
        ("RCPT", "550 who?", State.DEAD, "SMTP 550: recipient refused"),
    ],
)
def test_what_the_mail_server_says_decides(
    nord: District, mail_server: Any, at: str, reply: str, state: State, reason: str
) -> None:
    mail_server.at, mail_server.reply = at, reply
    pointer = run(write_mail(nord), nord)
    assert (pointer.state, pointer.last_error) == (state, reason)
    assert pointer.lease is None


def test_a_mail_server_that_is_away_is_asked_again_within_a_minute(
    nord: District, settings: Any, mail_server: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    pointer = write_mail(nord)
    Pointer.objects.filter(pk=pointer.pk).update(attempts=500)
    pointer = run(pointer, nord)
    assert pointer.state == State.PENDING
    assert "away" in pointer.last_error
    soon = Pointer.objects.filter(pk=pointer.pk, next_at__lte=Now() + timedelta(seconds=61))
    assert soon.exists()
    settings.EMAIL_PORT = port
    Pointer.objects.update(next_at=Now())
    Trouble.objects.update(retry_at=Now())
    assert run(pointer, nord).state == State.SENT


def test_a_refused_address_is_given_up_after_five_days_and_an_absent_server_never(
    nord: District,
) -> None:
    pointer = write_mail(nord)
    Pointer.objects.filter(pk=pointer.pk).update(waiting_since=Now() - timedelta(days=6))
    away = read_failure(ConnectionRefusedError())
    leased = services.lease_one(pointer.pk)
    assert leased is not None
    assert services.mark_failed(leased, away) == State.PENDING
    Pointer.objects.update(next_at=Now())
    leased = services.lease_one(pointer.pk)
    assert leased is not None
    later = read_failure(smtplib.SMTPRecipientsRefused({"r@b.example": (450, b"later")}))
    assert services.mark_failed(leased, later) == State.DEAD


def test_no_error_keeps_an_address(nord: District) -> None:
    error = smtplib.SMTPRecipientsRefused({"erika@beispiel.example": (550, b"no erika@b.example")})
    assert "@" not in read_failure(error).reason


@pytest.mark.parametrize("error", [OperationalError(), ConnectionError()])
def test_without_a_broker_a_request_is_accepted_all_the_same(
    nord: District, monkeypatch: pytest.MonkeyPatch, error: Exception,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    def refuse(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        assert nord.client().post("/kontakt/", form()).status_code == 303
    assert len(services.claim_due()) == 2


def test_a_request_that_is_rolled_back_leaves_no_mail(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("directory.contact.mails.write_confirmation", fail)
    client: Client = nord.client()
    assert client.post("/kontakt/", form()).status_code == 500
    assert not Pointer.objects.exists()
    with nord.inside():
        assert not Message.objects.exists()


def test_mails_of_a_district_that_is_gone_die(nord: District) -> None:
    Pointer.objects.create(message_uuid=uuid.uuid4(), district_id=999_999)
    assert services.claim_due() == []
    assert Pointer.objects.get().state == State.DEAD


def test_a_dead_mail_can_be_sent_again(nord: District, mail_server: Any) -> None:
    mail_server.at, mail_server.reply = "RCPT", "550 never"
    pointer = run(write_mail(nord), nord)
    assert pointer.state == State.DEAD
    mail_server.reply = "250 OK"
    services.send_again(pointer)
    assert run(pointer, nord).state == State.SENT


def test_sending_again_leaves_a_mail_alone_that_is_being_sent(
    nord: District, mail_server: Any
) -> None:
    pointer = write_mail(nord)
    leased = services.lease_one(pointer.pk)
    assert leased is not None
    services.send_again(pointer)
    assert services.lease_one(pointer.pk) is None
    assert services.mark_sent(leased)
    services.send_again(pointer)
    assert Pointer.objects.get(pk=pointer.pk).state == State.SENT


@pytest.mark.parametrize("error", [RuntimeError("no thread"), MemoryError(), KeyError("x")])
def test_what_is_not_the_mails_fault_does_not_end_it(error: Exception) -> None:
    assert not read_failure(error).permanent


def test_the_pointer_holds_nothing_personal(nord: District) -> None:
    pointer = write_mail(nord, to="erika@beispiel.example")
    values = " ".join(str(getattr(pointer, field.name)) for field in Pointer._meta.fields)
    assert "erika" not in values


def test_a_task_runs_in_its_own_district_or_not_at_all(nord: District, sued: District) -> None:
    pointer = write_mail(nord)
    for schema in ("d_0000000000000000", "public", "", None):
        headers = {"_schema_name": schema}
        result = deliver.apply(args=[pointer.pk], headers=headers)
        assert result.failed(), schema
    # Another district's role does not even see the pointer.
    deliver.apply(args=[pointer.pk], headers={"_schema_name": sued.row.schema_name})
    pointer.refresh_from_db()
    assert (pointer.state, pointer.attempts) == (State.PENDING, 0)
    result = sweep.apply(headers={"_schema_name": nord.row.schema_name})
    assert isinstance(result.result, WrongSchema)
