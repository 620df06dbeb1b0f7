"""Celery's tasks that restore a district as ordered at the console."""

from celery import shared_task

from tenants.restoring import ordered
from wiq.celery_app import PlatformTask


@shared_task(base=PlatformTask, name=ordered.FILL)
def fill(schema_name: str) -> None:
    """Fill the schema of an order from its backup, and compare."""
    ordered.fill(schema_name)


@shared_task(base=PlatformTask, name=ordered.SWAP)
def swap(schema_name: str, who: str, confirmed: str) -> None:
    """Swap a schema as it was ``confirmed``; ``who`` is the account for the platform's log."""
    ordered.swap(schema_name, who, confirmed)
