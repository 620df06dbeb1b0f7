"""Making one call: signed, tried once, and what follows from the answer."""

import time

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from directory.webhooks import signing
from directory.webhooks.models import GIVEN_UP_AFTER, CallState, Webhook, WebhookCall
from wiq.calls import services as calls
from wiq.calls.client import CallFailed, post
from wiq.calls.models import WaitingCall

log = structlog.get_logger(__name__)
# The receiver says that it is there no longer (RFC 9110, 15.5.11).
GONE = 410


def make(number: int) -> None:
    """Try the call that a pointer of this district names, if nobody else does.

    The request goes out between two transactions, so a slow server holds no lock.
    """
    pointer = calls.lease(number)
    if pointer is None:
        return
    call = WebhookCall.objects.filter(uuid=pointer.call_uuid).select_related("webhook").first()
    if call is None or call.state != CallState.WAITING:
        calls.forget([pointer.call_uuid])
        return
    wait = call.webhook.wait_until
    if wait is not None and wait > timezone.now():
        calls.put_off(pointer, wait - timezone.now(), was_tried=False)
        return
    try:
        status, words = _try(call), ""
    except CallFailed as error:
        status, words = 0, str(error)
    _note(pointer, call, status, words or f"HTTP {status}")


def _try(call: WebhookCall) -> int:
    secret = signing.opened(call.webhook.secret)
    if secret is None:
        raise CallFailed("the secret can't be read")
    headers = signing.headers(secret, number=call.uuid, at=int(time.time()), body=call.body)
    return post(call.webhook.url, call.body.encode(), headers)


@transaction.atomic
def _note(pointer: WaitingCall, call: WebhookCall, status: int, words: str) -> None:
    webhook = Webhook.objects.filter(pk=call.webhook_id)
    rows = WebhookCall.objects.filter(pk=call.pk)
    if 200 <= status < 300:
        rows.update(state=CallState.DONE, done_at=timezone.now(), answer=words)
        webhook.update(failures=0, wait_until=None)
        calls.forget([call.uuid])
        return
    log.info("webhooks.failed", call=str(call.uuid), attempts=pointer.attempts, answer=words)
    is_late = call.created_at < timezone.now() - GIVEN_UP_AFTER
    if is_late or status == GONE or not call.about_type:
        # A trial is for whoever waits for it; it is not tried again.
        rows.update(state=CallState.FAILED, done_at=timezone.now(), answer=words)
        calls.forget([call.uuid])
    else:
        rows.update(answer=words)
    pause = calls.pause_after(call.webhook.failures + 1)
    webhook.update(failures=F("failures") + 1, wait_until=timezone.now() + pause)
    calls.put_off(pointer, pause, was_tried=True)
