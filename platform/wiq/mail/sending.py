"""Sending mails that are held: one that was written just now, or many that have waited."""

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import structlog
from django.db import ProgrammingError
from django_tenants.utils import get_tenant_model, tenant_context

from wiq.mail import returned, services, slowed
from wiq.mail.models import Message
from wiq.mail.pace import pace
from wiq.outbox import services as outbox
from wiq.outbox import trouble
from wiq.outbox.failures import GoneError, read_failure
from wiq.outbox.models import Pointer
from wiq.outbox.tasks import call_sender
from wiq.outbox.times import ROUND
from wiq.reputation import services as reputation

log = structlog.get_logger(__name__)
# A sender ends after this time, so that a worker can be stopped; the next sweep calls another.
SENDER_SECONDS = 20.0
# When a mail was taken is noted in its district for so many together; that it was, for each.
NOTED_TOGETHER = 10
# Of those who send what waits, one at most is busy with slow domains.
_slow_lane = threading.Lock()


def send_now(pointer_id: int) -> None:
    """Try to send one mail of the current schema."""
    with outbox.alone_with([pointer_id]) as alone:
        pointer = outbox.lease_one(pointer_id) if alone else None
        if pointer is None:
            return
        message = Message.objects.filter(uuid=pointer.message_uuid).first()
        if _has_to_wait(pointer, message, is_slowed=slowed.is_slowed(pointer.district_id)):
            return
        if not trouble.take_turn():
            outbox.give_back([pointer])
            return
        if _try(pointer, message) and message:
            services.mark_sent([message])


def send_waiting() -> None:
    """Send what is due, of all districts and the platform; call it in the public schema.

    Mails to slow domains come last, and one sender at a time is busy with them.
    """
    deadline = time.monotonic() + SENDER_SECONDS
    _send_waiting(deadline)
    slow = pace.slow()
    if slow and _slow_lane.acquire(blocking=False):
        try:
            _send_waiting(deadline, slow)
        finally:
            _slow_lane.release()


def _send_waiting(deadline: float, slow: Collection[str] | None = None) -> None:
    """Claim and send until nothing is due, the time is over, or the mail server takes no more."""
    is_alone = slow is None
    while time.monotonic() < deadline:
        claimed = outbox.claim_due(only=slow, but=pace.slow())
        if is_alone and len(claimed) == outbox.CLAIM:
            is_alone = not call_sender()
        batch = Batch(claimed, set(slow or ()))
        batch.send()
        if not claimed or not batch.goes_on:
            return


class Batch:
    """Mails that were claimed together.

    What is not tried is given back: because the time is over, its domain turned out to be slow, or
    the mail server took nothing more.
    """

    def __init__(self, claimed: Sequence[Pointer], slow: Collection[str]) -> None:
        self.claimed = claimed
        self.untried = {pointer.pk: pointer for pointer in claimed}
        self.slow = slow
        self.until = time.monotonic() + ROUND.total_seconds()
        # Whether the mail server may take the next one: unknown before the first, and after each
        # that it refused.
        self.goes_on = True
        self.is_known = False

    def send(self) -> None:
        """Send what can be sent, each mail in its own schema."""
        with outbox.alone_with(list(self.untried)) as locked:
            held = outbox.still_held(self.claimed, locked)
            for place, pointers in _by_place(held):
                try:
                    with tenant_context(place) if place else nullcontext():
                        self._send(pointers)
                except ProgrammingError:
                    # Its tables are being changed: its mails wait, those of others do not.
                    log.exception("mail.tables_differ")
            outbox.give_back(list(self.untried.values()))

    def _send(self, pointers: Sequence[Pointer]) -> None:
        uuids = [pointer.message_uuid for pointer in pointers]
        mails = Message.objects.in_bulk(uuids, field_name="uuid")
        taken: list[Message] = []
        is_slowed = slowed.is_slowed(pointers[0].district_id)
        try:
            for pointer in pointers:
                if pace.is_slow(pointer.domain) and pointer.domain not in self.slow:
                    continue
                message = mails.get(pointer.message_uuid)
                # Asked last but for the mail server: it takes the district's turn.
                if _has_to_wait(pointer, message, is_slowed=is_slowed):
                    del self.untried[pointer.pk]
                    continue
                if not self._may_go_on():
                    return
                del self.untried[pointer.pk]
                self.is_known = _try(pointer, message)
                if self.is_known and message:
                    taken.append(message)
                if len(taken) == NOTED_TOGETHER:
                    services.mark_sent(taken)
                    taken = []
        finally:
            services.mark_sent(taken)

    def _may_go_on(self) -> bool:
        if time.monotonic() > self.until:
            return False
        self.goes_on = self.is_known or trouble.take_turn()
        return self.goes_on


def _by_place(pointers: Sequence[Pointer]) -> Iterator[tuple[Any, list[Pointer]]]:
    """Return mails by district; None is the platform."""
    ids = {pointer.district_id for pointer in pointers}
    places: list[Any] = list(get_tenant_model().objects.filter(pk__in=ids - {None}))
    for place in [*places, *([None] if None in ids else [])]:
        number = place.pk if place else None
        yield place, [pointer for pointer in pointers if pointer.district_id == number]


def _has_to_wait(pointer: Pointer, message: Message | None, *, is_slowed: bool) -> bool:
    """Put a mail off while another of its district was sent a moment ago; tell whether it was."""
    number = pointer.district_id
    if not is_slowed or message is None or number is None or slowed.may_go(message, number):
        return False
    outbox.put_off(pointer, reputation.EVERY)
    return True


def _try(pointer: Pointer, message: Message | None) -> bool:
    """Send one mail and note how it went; tell whether the mail server took it."""
    began = time.monotonic()
    try:
        if message is None:
            raise GoneError
        services.send(message)
    except Exception as error:
        failure = read_failure(error)
        state = outbox.mark_failed(pointer, failure)
        trouble.note(failure, pointer)
        returned.note_refused(message, failure)
        log.warning(
            "mail.failed", pointer=pointer.pk, attempts=pointer.attempts, reason=failure.reason,
            state=str(state),
        )  # fmt: skip
        return False
    finally:
        pace.note(pointer.domain, time.monotonic() - began)
    outbox.mark_sent(pointer)
    log.info("mail.sent", pointer=pointer.pk, attempts=pointer.attempts)
    return True
