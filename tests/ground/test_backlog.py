"""What has waited goes out many mails at a time, and slow recipients hold up no others."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db.models.functions import Now

from tenants.districts.models import District as Row
from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from tests.stack.running import free_port
from wiq.mail import pace, sending
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox import services, watch
from wiq.outbox.models import Pointer, State, Trouble
from wiq.outbox.tasks import SEND_WAITING, sweep

SLOW = "r@slow.example"


class Server:
    """A real SMTP server that is slow with one domain, and keeps in which order it took mails."""

    def __init__(self) -> None:
        self.connections = 0
        self.taken: list[str] = []

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str,
                          responses: list[str]) -> list[str]:  # fmt: skip
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str,
                          options: Any) -> str:  # fmt: skip
        if address == SLOW:
            await asyncio.sleep(0.15)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += [address.rpartition("@")[2] for address in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(pace, "SLOW_SECONDS", 0.1)
    pace.pace.forget()
    handler = Server()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()
    pace.pace.forget()


def states() -> list[str]:
    return list(Pointer.objects.order_by("pk").values_list("state", flat=True))


def test_mails_of_all_districts_and_the_platform_go_over_one_connection(
    nord: District, sued: District, server: Server
) -> None:
    for district in (nord, sued, nord):
        write_mail(district)
    message = mail.enqueue(kind="test", to="p@beispiel.example", subject="Betreff", text="Text")
    sending.send_waiting()
    assert states() == [State.SENT] * 4
    assert (len(server.taken), server.connections) == (4, 1)
    assert Message.objects.get(uuid=message.uuid).sent_at
    for district, count in ((nord, 2), (sued, 1)):
        with district.inside():
            assert Message.objects.filter(sent_at__isnull=False).count() == count


def test_a_slow_domain_comes_last_and_its_mails_wait_for_each_other_alone(
    nord: District, server: Server
) -> None:
    for to in (*[SLOW] * 3, "a@fast.example", "b@fast.example", "c@fast.example"):
        write_mail(nord, to=to)
    sending.send_waiting()
    # The first one shows that it is slow.
    domains = ["slow.example", *["fast.example"] * 3, *["slow.example"] * 2]
    assert server.taken == domains
    assert states() == [State.SENT] * 6


def test_one_sender_at_a_time_is_busy_with_slow_domains(nord: District, server: Server) -> None:
    run(write_mail(nord, to=SLOW), nord)
    slow, fast = write_mail(nord, to=SLOW), write_mail(nord, to="a@fast.example")
    with sending._slow_lane:
        sending.send_waiting()
        assert run(slow, nord).attempts == 0  # nor does one that was just written take a place
        assert run(fast, nord).state == State.SENT
    sending.send_waiting()
    assert run(slow, nord).state == State.SENT


def test_a_domain_is_slow_beside_others_and_until_it_is_not() -> None:
    known = pace.Pace()
    for seconds, domain, is_slow in (
        (0.9, "a", False), (1.0, "a", True), (0.1, "b", False), (0.1, "a", False),
        (3.0, "c", True), (0.1, "c", False),
    ):  # fmt: skip
        known.note(domain, seconds)
        assert known.is_slow(domain) is is_slow
    for number in range(pace.RECENT):
        known.note(f"d{number}", 2.0)
    known.note("e", 4.0)  # all are slow: it is our own mail server
    assert not known.is_slow("e")


def test_a_pointer_tells_which_mails_go_to_one_domain_and_not_to_which(nord: District) -> None:
    written = [
        write_mail(nord, to=to).domain
        for to in ("a@straße.example", "b@XN--STRAE-OQA.example", "a@strasse.example")
    ]
    assert written[0] == written[1] != written[2]
    assert all(len(word) == 32 for word in written)


def test_what_is_not_tried_in_time_is_given_back_uncounted(
    nord: District, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = write_mail(nord)
    monkeypatch.setattr(sending, "ROUND", timedelta(seconds=-1))
    monkeypatch.setattr(sending, "SENDER_SECONDS", 0.1)
    sending.send_waiting()
    pointer.refresh_from_db()
    assert (pointer.attempts, pointer.lease) == (0, None)
    assert services.claim_due() == [pointer]


def test_where_the_server_takes_nothing_one_mail_asks_and_the_rest_is_given_back(
    nord: District, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    for _ in range(4):
        write_mail(nord)
    sending.send_waiting()
    assert sorted(Pointer.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1]
    assert services.claim_due() == []
    assert Trouble.objects.get().tries == 1


def test_mails_of_a_district_that_waits_for_its_migration_wait(
    nord: District, sued: District, server: Server
) -> None:
    waits, goes = write_mail(nord), write_mail(sued)
    Row.objects.filter(pk=nord.row.pk).update(migration_error="a column is missing")
    sending.send_waiting()
    assert states() == [State.PENDING, State.SENT]
    Row.objects.filter(pk=nord.row.pk).update(migration_error="")
    assert services.claim_due() == [waits] != [goes]


def test_a_sweep_calls_as_many_senders_as_there_is_work_for(
    nord: District, queued: list[tuple[str, str]]
) -> None:
    def called() -> int:
        queued.clear()
        sweep.apply(headers={"_schema_name": "public"}, throw=True)
        return queued.count((SEND_WAITING, "public"))

    assert called() == 0
    first = write_mail(nord)
    assert called() == 1
    Pointer.objects.bulk_create(
        [Pointer(message_uuid=uuid4(), district_id=first.district_id)
         for _ in range(2 * services.CLAIM)]
    )  # fmt: skip
    assert called() == 2


@pytest.fixture
def short_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS", 2.0)
    monkeypatch.setattr(watch, "PAUSE", 0.05)


def test_a_mail_server_that_comes_back_is_noticed_within_a_second(
    nord: District, settings: Any, queued: list[tuple[str, str]], short_watch: None
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    run(write_mail(nord), nord)
    write_mail(nord)
    Trouble.objects.update(retry_at=Now() + timedelta(seconds=60))
    controller = Controller(Server(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    back = threading.Timer(0.3, controller.start)
    back.start()
    try:
        sweep.apply(headers={"_schema_name": "public"}, throw=True)
        assert (SEND_WAITING, "public") in queued
        assert len(services.claim_due()) == 1
    finally:
        back.join()
        controller.stop()


def test_a_server_that_refuses_us_is_not_asked_more_often(
    nord: District, server: Server, queued: list[tuple[str, str]], short_watch: None
) -> None:
    write_mail(nord)
    later = Now() + timedelta(seconds=60)
    Trouble.objects.create(reason="SMTP 535: sign-in refused", holds_all=True, retry_at=later)
    sweep.apply(headers={"_schema_name": "public"}, throw=True)
    assert (SEND_WAITING, "public") not in queued
    assert services.claim_due() == []
