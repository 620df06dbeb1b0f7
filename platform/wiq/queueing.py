"""Putting a task into the queue, where a broker that is away costs nobody anything."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def send(task: str, *args: object, schema_name: str) -> bool:
    """Send a task to work in a schema; tell whether the broker took it.

    Whoever sends has another way to the same end: a sweep finds what is still to be done.
    """
    try:
        current_app.send_task(task, args=args, headers={"_schema_name": schema_name})
    except (OperationalError, RedisError, OSError) as error:
        log.warning("queue.broker_away", task=task, error=type(error).__name__)
        return False
    return True
