"""Celery's beat: a clock that puts task names into the queue and knows nothing else.

It does without Django on purpose: a third of the memory, and no database to lose.
"""

import os
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler

from wiq.schedule import BEAT_SCHEDULE, broker_url

JUMP_SECONDS = 60.0


class SteadyScheduler(Scheduler):
    """Celery's scheduler, begun anew where the machine's clock was set.

    It remembers wall-clock times: set back by two hours, it would not sweep for two hours.
    """

    _offset: float | None = None

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Do what is due and return the seconds until the next look."""
        offset = time.time() - time.monotonic()
        if self._offset is not None and abs(offset - self._offset) > JUMP_SECONDS:
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self._heap = None
        self._offset = offset
        return super().tick(*args, **kwargs)


app = Celery(
    "wiq-beat",
    broker=broker_url(os.environ["REDIS_URL"]),
    set_as_current=False,
    fixups=[],  # Celery's own one would load Django wherever its settings are named
)
app.conf.update(
    beat_schedule=BEAT_SCHEDULE,
    # In memory: every interval is short, a file would only be one more thing to lose.
    beat_scheduler="wiq.beat_app:SteadyScheduler",
    timezone="Europe/Berlin",
    beat_max_loop_interval=5,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"global_keyprefix": "wiq-queue:", "socket_connect_timeout": 1},
    task_ignore_result=True,
)
