"""Celery's task that makes a call of one district."""

from celery import shared_task

from directory.webhooks import calling
from wiq.calls.services import MAKE
from wiq.celery_app import DistrictTask


@shared_task(base=DistrictTask, name=MAKE)
def make(number: int) -> None:
    """Try the call behind one pointer."""
    calling.make(number)
