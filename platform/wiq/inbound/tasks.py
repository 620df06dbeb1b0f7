"""The worker reads the mailbox while it runs. Celery imports this module in each worker."""

from typing import Any

from celery.signals import worker_ready, worker_shutting_down

from wiq.inbound import reader


@worker_ready.connect
def _start(**kwargs: Any) -> None:
    reader.start_in_background()


@worker_shutting_down.connect
def _stop(**kwargs: Any) -> None:
    reader.stop_in_background()
