"""Celery's beat: a clock that puts task names into the queue and knows nothing else.

It does without Django on purpose: a third of the memory, and no database to lose.
"""

import os

from celery import Celery

from wiq.schedule import BEAT_SCHEDULE, broker_url

app = Celery(
    "wiq-beat",
    broker=broker_url(os.environ["REDIS_URL"]),
    set_as_current=False,
    fixups=[],  # Celery's own one would load Django wherever its settings are named
)
app.conf.update(
    beat_schedule=BEAT_SCHEDULE,
    # In memory: every interval is short, a file would only be one more thing to lose.
    beat_scheduler="celery.beat:Scheduler",
    timezone="Europe/Berlin",
    beat_max_loop_interval=5,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"global_keyprefix": "wiq-queue:", "socket_connect_timeout": 1},
    task_ignore_result=True,
)
