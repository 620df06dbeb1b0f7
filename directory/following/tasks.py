"""Celery's task that mails the news."""

import structlog
from celery import shared_task

from directory.following import services
from wiq.celery_app import DistrictTask

log = structlog.get_logger(__name__)


@shared_task(base=DistrictTask, name="directory.following.tasks.tell")
def tell() -> None:
    """Mail the news of one district."""
    log.info("following.told", mails=services.tell_all())
