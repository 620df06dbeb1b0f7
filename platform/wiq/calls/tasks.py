"""Celery's sweep of calls: a lost task, a crashed worker or an outage cost no call."""

import structlog
from celery import shared_task

from wiq.calls import services
from wiq.celery_app import PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="wiq.calls.tasks.sweep")
def sweep() -> None:
    """Queue the calls that are due."""
    queued = services.sweep()
    if queued:
        log.info("calls.swept", count=queued)
