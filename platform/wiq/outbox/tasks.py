"""Celery's sweep of the outbox: what nobody delivers is queued again."""

import structlog
from celery import shared_task

from wiq.celery_app import PlatformTask
from wiq.outbox import services

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="wiq.outbox.tasks.sweep")
def sweep() -> None:
    """Queue what is due: after a lost task, a worker's death, or a mail server's return."""
    leased = services.lease_due()
    for pointer_id, lease, schema_name in leased:
        if not services.queue(pointer_id, schema_name, lease):
            return
    if leased:
        log.info("outbox.swept", count=len(leased))
