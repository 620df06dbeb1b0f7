"""Celery's task that delivers one mail."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from celery import shared_task
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq import signs
from wiq.celery_app import MailTask
from wiq.mail import services
from wiq.mail.models import Message
from wiq.outbox import services as outbox
from wiq.outbox.models import Pointer
from wiq.tenancy import current_district_id

log = structlog.get_logger(__name__)
# A mail server that is started again misses one try of a mail, not three.
TRIES = 3


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
        if pointer is not None:
            _try(pointer)


def _try(pointer: Pointer) -> None:
    """Send one mail and note how it went."""
    # Outside the try: an error of the database says nothing about the mail; its lease runs out.
    message = Message.objects.filter(uuid=pointer.message_uuid).first()
    try:
        if message is None:
            raise outbox.GoneError
        services.send(message)
    except Exception as error:
        failure = outbox.read_failure(error)
        state = outbox.mark_failed(pointer, failure)
        if failure.concerns_all_mails and pointer.attempts >= TRIES:
            _tell_health(signs.leave, signs.RELAY, signs.TROUBLE_SECONDS)
        log.warning(
            "mail.failed", pointer=pointer.pk, attempts=pointer.attempts, reason=failure.reason,
            state=str(state),
        )  # fmt: skip
        return
    outbox.mark_sent(pointer)
    _tell_health(signs.take_back, signs.RELAY)
    services.mark_sent(message)
    log.info("mail.sent", pointer=pointer.pk, attempts=pointer.attempts)


def _tell_health(do: Callable[..., None], *words: Any) -> None:
    """Leave or take back a sign for the health page; without Valkey it stays as it is."""
    with suppress(RedisError):
        do(get_redis_connection("platform"), *words)
