"""Celery's task that draws one picture."""

from celery import shared_task

from wiq.celery_app import DistrictTask
from wiq.media import waiting


@shared_task(base=DistrictTask, name=waiting.TASK)
def draw(name: str) -> None:
    """Draw a picture of this task's district that waits."""
    waiting.draw(name)
