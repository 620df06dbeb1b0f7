"""Beat in a thread of a worker, for a machine on which one process less counts.

It is the same beat as the one with a process of its own (wiq.beat_app): it holds the same lock
while it sends, and any number of both kinds may run (docs/decisions/0032-one-beat.md).
"""

import logging
import os
import signal
import threading
from typing import Any

from celery import Celery, bootsteps
from celery.beat import Service

log = logging.getLogger(__name__)


def beat_of(app: Celery) -> type[bootsteps.StartStopStep]:
    """Return the step of a worker that runs the beat of ``app`` from its start to its end."""

    class BeatInside(bootsteps.StartStopStep):
        """Starts with the worker and ends with it, whatever becomes of the queue meanwhile."""

        def __init__(self, worker: Any, **options: Any) -> None:
            super().__init__(worker, **options)
            self.service = Service(app, scheduler_cls=app.conf.beat_scheduler)

        def start(self, worker: Any) -> None:
            beat = threading.Thread(target=_run, args=(self.service,), daemon=True)  # noqa: TID251
            beat.start()

        def stop(self, worker: Any) -> None:
            """Send nothing more; the right to send ends with the process."""
            self.service.stop()

    return BeatInside


def _run(service: Service) -> None:
    """Run beat; without it the worker ends, so that whoever looks after it starts both anew."""
    try:
        service.start()
    except Exception:
        log.exception("beat.failed")
        os.kill(os.getpid(), signal.SIGTERM)
