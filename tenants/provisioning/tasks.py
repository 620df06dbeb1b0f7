"""Celery's task that creates districts."""

import structlog
from celery import shared_task

from tenants.provisioning import orders
from wiq.celery_app import PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name=orders.TASK)
def run_waiting() -> None:
    """Create the ordered districts; queued with each order, and by beat every few seconds."""
    worked = orders.run_waiting()
    if worked:
        log.info("orders.worked_on", count=worked)
