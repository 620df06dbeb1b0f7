"""Celery's sweep of the outbox: queue again what no worker is delivering."""

import structlog
from celery import shared_task

from wiq.celery_app import PlatformTask
from wiq.outbox import services

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="wiq.outbox.tasks.sweep")
def sweep() -> None:
    """Queue what is due: after a lost task, a crashed worker or a mail server's outage."""
    leased = services.lease_due()
    for pointer_id, lease, schema_name in leased:
        if not services.queue(pointer_id, schema_name, lease):
            return
    if leased:
        log.info("outbox.swept", count=len(leased))
