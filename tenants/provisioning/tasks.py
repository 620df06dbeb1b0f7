"""Celery's side of making districts."""

import structlog
from celery import shared_task

from tenants.provisioning import orders
from wiq.celery_app import PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name=orders.TASK)
def run_waiting() -> None:
    """Make the districts that are ordered: sent with each order, and every few seconds by beat."""
    worked = orders.run_waiting()
    if worked:
        log.info("orders.worked_on", count=worked)
