"""Celery's task that asks the other installations every two minutes."""

import structlog
from celery import shared_task

from tenants.cells import services
from wiq.celery_app import PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="tenants.cells.tasks.look_round")
def look_round() -> None:
    """Ask all others, so that forms know where there is room; nothing where there are none."""
    for seen in services.look_round():
        if seen.trouble is not None:
            log.warning("cells.trouble", host=seen.cell.host, trouble=str(seen.trouble.value))
