"""Celery's task that delivers one mail."""

import uuid

import structlog
from celery import shared_task

from wiq.celery_app import MailTask
from wiq.mail import services
from wiq.mail.models import Message
from wiq.outbox import services as outbox
from wiq.outbox import trouble
from wiq.outbox.failures import GoneError, read_failure
from wiq.outbox.models import Pointer
from wiq.tenancy import current_district_id

log = structlog.get_logger(__name__)


@shared_task(base=MailTask, name="wiq.mail.tasks.deliver")
def deliver(pointer_id: int, lease: str | None = None) -> None:
    """Try to send one mail of this task's schema."""
    found = Pointer.objects.filter(pk=pointer_id).first()
    if found is None:  # erased together with its mail after it was queued
        return
    if found.district_id != current_district_id():
        raise RuntimeError(f"pointer {pointer_id} is not of this district")
    with outbox.alone_with(pointer_id) as alone:
        if not alone:
            return
        pointer = outbox.lease_one(pointer_id, uuid.UUID(lease) if lease else None)
        if pointer is None:
            return
        if trouble.take_turn():
            _try(pointer)
        else:
            outbox.give_back(pointer)


def _try(pointer: Pointer) -> None:
    """Send one mail and note how it went."""
    # Outside the try: an error of the database says nothing about the mail; its lease runs out.
    message = Message.objects.filter(uuid=pointer.message_uuid).first()
    try:
        if message is None:
            raise GoneError
        services.send(message)
    except Exception as error:
        failure = read_failure(error)
        state = outbox.mark_failed(pointer, failure)
        trouble.note(failure, pointer)
        log.warning(
            "mail.failed", pointer=pointer.pk, attempts=pointer.attempts, reason=failure.reason,
            state=str(state),
        )  # fmt: skip
        return
    outbox.mark_sent(pointer)
    trouble.end()
    services.mark_sent(message)
    log.info("mail.sent", pointer=pointer.pk, attempts=pointer.attempts)
