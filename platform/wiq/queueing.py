"""Queueing a task, without an error if the broker is down, and without waiting if it hangs."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as SilenceError

from wiq.outages import VALKEY
from wiq.queues import Queue
from wiq.rooms import queue_of
from wiq.traces import tracing

log = structlog.get_logger(__name__)


def send(
    task: str,
    *args: object,
    schema_name: str,
    queue: Queue | None = None,
    expires: float | None = None,
) -> bool:
    """Queue a task for a schema; tell whether the broker accepted it.

    It goes into its room's queue unless another is given. ``expires``: after so many seconds it is
    not worth doing any more.

    If it did not, nothing is lost: a sweep finds the open work and queues it again.
    """
    if VALKEY.is_silent():
        return False
    place = str(queue or queue_of(task))
    try:
        with tracing.sending(task, place) as traced:
            current_app.send_task(
                task,
                args=args,
                headers={"_schema_name": schema_name, **traced},
                queue=place,
                expires=expires,
            )
    except (OperationalError, RedisError, OSError) as error:
        if isinstance(error.__cause__ or error, SilenceError):
            VALKEY.note_silence()
        log.warning("queue.broker_away", task=task, error=type(error).__name__)
        return False
    return True
