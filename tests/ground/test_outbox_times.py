"""How long a mail waits, who holds it meanwhile, when it is given up, and what it carries."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db.models import F
from django.db.models.functions import Now

from tests.cast import District
from tests.ground.test_outbox import run, write_mail
from tests.locks import row_locks
from tests.mails import caught, deliver_all
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox import services
from wiq.outbox.failures import Failure, GoneError, delay_after, read_failure
from wiq.outbox.models import Pointer, State
from wiq.outbox.verdicts import About

LATER = Failure("SMTP 450: recipient refused", About.MAILBOX)
AWAY = Failure("away", About.SERVER)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def change(pointer: Pointer, **values: Any) -> Pointer:
    Pointer.objects.filter(pk=pointer.pk).update(**values)
    pointer.refresh_from_db()
    return pointer


@pytest.mark.parametrize(
    ("attempts", "failure", "seconds"),
    [
        (1, LATER, 5), (2, LATER, 10), (3, LATER, 20), (10, LATER, 2560),
        (11, LATER, 3600), (500, LATER, 3600),
        (1, AWAY, 5), (4, AWAY, 40), (5, AWAY, 60), (500, AWAY, 60),
    ],
)  # fmt: skip
def test_each_try_waits_twice_as_long_up_to_a_limit(
    attempts: int, failure: Failure, seconds: int
) -> None:
    waits = [delay_after(attempts, failure).total_seconds() for _ in range(20)]
    assert 0.8 * seconds <= min(waits) <= max(waits) <= seconds
    assert min(waits) < max(waits)  # not all at once


@pytest.mark.parametrize(
    ("waited", "failure", "state"),
    [
        (5 * DAY - MINUTE, LATER, State.PENDING),
        (5 * DAY, LATER, State.DEAD),
        (400 * DAY, AWAY, State.PENDING),
        (400 * DAY, Failure("SMTP 554", About.REFUSED), State.PENDING),
        (400 * DAY, Failure("SMTP 451", About.LATER), State.PENDING),
        (0 * DAY, Failure("SMTP 550: recipient refused", About.RECIPIENT), State.DEAD),
    ],
)
def test_a_mail_is_given_up_after_five_days_of_refusals_and_at_once_for_good(
    nord: District, waited: timedelta, failure: Failure, state: State
) -> None:
    pointer = change(write_mail(nord), waiting_since=Now() - waited)
    assert services.mark_failed(pointer, failure) == state
    pointer.refresh_from_db()
    assert (pointer.state, pointer.last_error) == (state, failure.reason)
    assert (pointer.done_at is not None) is (state == State.DEAD)


def test_a_try_that_failed_says_when_the_next_one_is_due(nord: District) -> None:
    pointer = change(write_mail(nord), attempts=3)
    services.mark_failed(pointer, LATER)
    assert not Pointer.objects.due().exists()
    assert Pointer.objects.filter(next_at__gt=Now() + timedelta(seconds=14)).exists()
    assert Pointer.objects.filter(next_at__lte=Now() + timedelta(seconds=20)).exists()


@pytest.mark.parametrize(
    ("error", "permanent", "unreachable"),
    [
        (smtplib.SMTPDataError(421, b""), False, True),
        (smtplib.SMTPDataError(452, b""), False, False),
        (smtplib.SMTPDataError(499, b""), False, False),
        (smtplib.SMTPDataError(500, b""), False, False),
        (smtplib.SMTPDataError(554, b""), False, False),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (499, b"")}), False, False),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (500, b"")}), False, False),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"")}), True, False),
        (smtplib.SMTPAuthenticationError(535, b""), False, True),
        (smtplib.SMTPHeloError(501, b""), False, True),
        (smtplib.SMTPConnectError(554, b""), False, True),
        (smtplib.SMTPServerDisconnected(), False, True),
        (smtplib.SMTPNotSupportedError(), False, True),
        (TimeoutError(), False, True),
        (UnicodeError(), True, False),
        (GoneError(), True, False),
    ],
    ids=repr,
)
def test_what_is_ours_to_mend_ends_no_mail(
    error: Exception, permanent: bool, unreachable: bool
) -> None:
    failure = read_failure(error)
    assert (failure.permanent, failure.unreachable) == (permanent, unreachable)


def held_for(pointer: Pointer) -> float:
    """Return for how many seconds from now a pointer is leased."""
    left: timedelta = (
        Pointer.objects.annotate(left=F("leased_until") - Now()).get(pk=pointer.pk).left
    )  # type: ignore[attr-defined]
    return left.total_seconds()


def test_who_sends_holds_a_mail_for_half_a_minute(nord: District) -> None:
    tried, swept = write_mail(nord), write_mail(nord)
    assert services.lease_one(tried.pk)
    assert services.claim_due() == [swept]
    assert 25 < held_for(tried) <= 30
    assert 25 < held_for(swept) <= 30
    for pointer in (tried, swept):
        change(pointer, leased_until=Now() + timedelta(seconds=5))
    assert services.claim_due() == []
    for pointer in (tried, swept):
        change(pointer, leased_until=Now())
    assert len(services.claim_due()) == 2


def test_a_sweep_holds_what_it_takes_and_takes_the_longest_waiting_first(nord: District) -> None:
    late, early = write_mail(nord), change(write_mail(nord), next_at=Now() - MINUTE)
    with row_locks() as locked:
        [claimed] = services.claim_due(limit=1)
    assert "outbox_pointer" in locked
    assert claimed == early != late


def test_who_claimed_a_mail_before_another_did_sends_nothing(nord: District) -> None:
    pointer = write_mail(nord)
    first = services.claim_due()
    change(pointer, leased_until=Now() - MINUTE)
    second = services.claim_due()
    assert (services.still_held(first, {pointer.pk}), second) == ([], [pointer])
    assert services.still_held(second, {pointer.pk}) == second
    assert services.still_held(second, set()) == []
    change(pointer, state=State.SENT)
    assert services.still_held(second, {pointer.pk}) == []


def test_a_mail_that_is_not_due_yet_is_not_tried(nord: District) -> None:
    pointer = change(write_mail(nord), next_at=Now() + MINUTE)
    assert services.lease_one(pointer.pk) is None
    assert services.claim_due() == []


def test_stuck_is_what_was_given_up_or_tried_three_times(nord: District) -> None:
    pointer = write_mail(nord)
    for state, attempts, is_stuck in (
        (State.PENDING, 2, False), (State.PENDING, 3, True), (State.SENT, 3, False),
        (State.DEAD, 1, True),
    ):  # fmt: skip
        change(pointer, state=state, attempts=attempts)
        assert Pointer.objects.stuck().exists() is is_stuck


def test_a_mail_whose_content_is_gone_is_given_up(nord: District) -> None:
    pointer = write_mail(nord)
    with nord.inside():
        Message.objects.all().delete()
    pointer = run(pointer, nord)
    assert (pointer.state, pointer.last_error) == (State.DEAD, "the mail is gone")


def test_a_mail_that_is_sent_again_waits_from_now_on(nord: District) -> None:
    pointer = change(
        write_mail(nord), state=State.DEAD, done_at=Now(), waiting_since=Now() - 6 * DAY,
        next_at=Now() + MINUTE,
    )  # fmt: skip
    services.send_again(pointer)
    pointer.refresh_from_db()
    assert (pointer.state, pointer.done_at) == (State.PENDING, None)
    leased = services.lease_one(pointer.pk)
    assert leased is not None
    assert services.mark_failed(leased, LATER) == State.PENDING


def test_tasks_are_queued_after_the_commit_and_in_the_mails_own_district(
    nord: District, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda *_, **more: queued.append(more["headers"]))
    with django_capture_on_commit_callbacks() as written:
        pointer = write_mail(nord)
    change(pointer, state=State.DEAD)
    with django_capture_on_commit_callbacks() as again, nord.inside():
        services.send_again(pointer)
    assert queued == []
    for callback in written + again:
        callback()
    assert queued == [{"_schema_name": nord.row.schema_name}] * 2


def delivered(district: District, maildir: Path, **given: Any) -> EmailMessage:
    with district.inside():
        mail.enqueue(**{"kind": "test", "subject": "Betreff", "text": "Text"} | given)
    deliver_all(district)
    return caught(maildir, given["to"])[-1]


def test_a_mail_says_that_a_program_wrote_it_and_in_which_language(
    nord: District, maildir: Path
) -> None:
    plain = delivered(nord, maildir, to="plain@beispiel.example", language="en")
    assert plain["Auto-Submitted"] == "auto-generated"
    assert plain["Content-Language"] == "en"
    for name in ("Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert plain[name] is None
    by_a_person = delivered(
        nord, maildir, to="von-hand@beispiel.example", kind="conversations.answer"
    )
    assert by_a_person["Auto-Submitted"] is None
    rich = delivered(
        nord, maildir, to="rich@beispiel.example", reply_to="team@nord.example",
        unsubscribe_url="http://nord.localhost/ende/", html="<p>Text</p>",
    )  # fmt: skip
    assert rich["Reply-To"] == "team@nord.example"
    assert rich["List-Unsubscribe"] == "<http://nord.localhost/ende/>"
    assert rich["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert rich.get_content_type() == "multipart/alternative"


def test_a_subject_is_one_line_of_at_most_250_signs(nord: District) -> None:
    with nord.inside():
        for given, kept in (("a\r\nBcc: b", "a Bcc: b"), ("x" * 251, "x" * 250)):
            written = mail.enqueue(kind="test", to="r@b.example", subject=given, text="Text")
            assert written.subject == kept


def test_a_forgotten_mail_leaves_no_pointer_and_others_stay(nord: District) -> None:
    gone, stays = write_mail(nord), write_mail(nord)
    with nord.inside():
        assert mail.forget(Message.objects.filter(uuid=gone.message_uuid)) == 1
        assert Message.objects.get().uuid == stays.message_uuid
    assert Pointer.objects.get() == stays
