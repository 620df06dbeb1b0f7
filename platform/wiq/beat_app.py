"""Celery's beat: it only puts the names of tasks into the queue on time.

It runs without Django on purpose: it needs a third of the memory. Of several beats one sends, the
others stand by (wiq.beat_turn).
"""

import os
import time
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import beat_init
from redis import Redis
from redis.exceptions import RedisError

from wiq import signs
from wiq.beat_turn import Turn, Whose
from wiq.confinement import keep_to_oneself
from wiq.metrics.counting import counts
from wiq.schedule import BEAT_SCHEDULE, broker_url

JUMP_SECONDS = 60.0
STAND_BY_SECONDS = 5.0
_valkey = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1)


class SteadyScheduler(Scheduler):
    """Celery's scheduler, restarted when somebody sets the machine's clock; one sends at a time.

    The one that sends leaves signs of life.

    It remembers wall-clock times: if the clock is set back by two hours, it would not sweep for
    two hours. One that stands by counts from now: it sends nothing that another beat has sent, and
    misses nothing that becomes due once it takes over or once the database is back.
    """

    _offset: float | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.turn = Turn(os.environ["DATABASE_URL"])
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due and return the seconds until the next check."""
        counts.ticked()
        whose = self.turn.ask()
        if whose is Whose.ANOTHERS:
            self._count_from_now()
        if whose is not Whose.OURS:
            return STAND_BY_SECONDS
        offset = time.time() - time.monotonic()
        if self._offset is not None and abs(offset - self._offset) > JUMP_SECONDS:
            self._count_from_now()
        self._offset = offset
        pause = super().tick(*args, **kwargs)
        # After sending: a beat that can't send is none.
        with suppress(RedisError):
            signs.leave(_valkey, signs.BEAT)
        return pause

    def _count_from_now(self) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now()
        self._heap = None

    def close(self) -> None:
        """Let another beat go on at once."""
        super().close()
        self.turn.give_up()


app = Celery(
    "wiq-beat",
    broker=broker_url(os.environ["REDIS_URL"]),
    set_as_current=False,
    fixups=[],  # Celery's default would load Django if its settings are named
)
app.conf.update(
    beat_schedule=BEAT_SCHEDULE,
    # In memory: all intervals are short, so a file would only be one more thing that can break.
    beat_scheduler="wiq.beat_app:SteadyScheduler",
    accept_content=["json"],
    timezone="Europe/Berlin",
    beat_max_loop_interval=5,
    broker_connection_retry_on_startup=True,
    # With a timeout: a Valkey that hung and was replaced must not hold it for ever.
    broker_transport_options={
        "global_keyprefix": "wiq-queue:",
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    },
    task_ignore_result=True,
)


@beat_init.connect
def _keep_to_oneself(**kwargs: Any) -> None:
    keep_to_oneself()
