"""Celery's sweep of the outbox: calls for those who send what waits."""

import math

import structlog
from celery import shared_task

from wiq import queueing
from wiq.celery_app import PlatformTask
from wiq.outbox import services, trouble, watch
from wiq.queues import PLACES, Queue
from wiq.schedule import SWEEP_SECONDS
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
SEND_WAITING = "wiq.mail.tasks.deliver_waiting"


@shared_task(base=PlatformTask, name="wiq.outbox.tasks.sweep")
def sweep() -> None:
    """Have sent what is due: after a lost task, a crashed worker or a mail server's outage."""
    if trouble.is_absence() and watch.returns():
        trouble.ask_now()
    if trouble.holds_all():
        return
    most = PLACES[Queue.BACKLOG]
    waiting = services.count_due(most * services.CLAIM)
    for _ in range(min(most, math.ceil(waiting / services.CLAIM))):
        if not call_sender():
            return
    if waiting:
        log.info("outbox.swept", count=waiting)


def call_sender() -> bool:
    """Queue a task that sends what waits; tell whether the broker took it."""
    return queueing.send(
        SEND_WAITING, schema_name=PUBLIC, queue=Queue.BACKLOG, expires=SWEEP_SECONDS
    )
