"""The worker's sign of life: left by its pool, so that a worker whose threads all hang has none."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery import bootsteps
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq import signs
from wiq.queues import Queue
from wiq.rooms import Registry
from wiq.worker_places import Places

# What else a worker tells of itself each time: ``worker_signs.py`` of the rooms. May raise
# RedisError.
others: Registry[Callable[[], object]] = Registry("worker_signs")


class SignOfLife(bootsteps.StartStopStep):
    """Lets the pool leave the sign every few seconds, beside the tasks and without the queue.

    See https://docs.celeryq.dev/en/stable/userguide/extending.html#consumer
    """

    requires = (Places,)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._timer: Any = None
        self._is_asked = False
        # One that reads a single queue is nobody's worker: mails wait all the same.
        self._is_everybodys = Queue.ROUTINE in consumer.wiq_queues

    def start(self, consumer: Any) -> None:
        """Begin, also after every lost connection to the queue."""
        self._is_asked = False
        self._ask(consumer.pool)
        self._timer = consumer.timer.call_repeatedly(
            signs.EVERY_SECONDS, self._ask, (consumer.pool,)
        )

    def stop(self, consumer: Any) -> None:
        """End with the connection to the queue: a worker without it is none."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ask(self, pool: Any) -> None:
        # A pool that hangs is asked once, not over and over.
        if not self._is_asked:
            self._is_asked = True
            pool.apply_async(self._leave, callback=self._note_done)

    def _leave(self) -> None:
        try:
            with suppress(RedisError):
                if self._is_everybodys:
                    signs.leave(get_redis_connection("platform"), signs.WORKER)
                for leave in others:
                    leave()
        finally:
            self._is_asked = False

    def _note_done(self, result: None) -> None:
        """Needed by the pool, which tells everybody when it is done."""
