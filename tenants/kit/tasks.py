"""Celery's task of the kit: telling districts about a new version."""

from celery import shared_task

from tenants.kit import mails
from wiq.celery_app import DistrictTask


@shared_task(base=DistrictTask, name=mails.TASK)
def announce() -> None:
    """Tell the coordination of one district what is new."""
    mails.write_news()
