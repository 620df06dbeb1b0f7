"""The worker's sign of life: left by its pool, so that a worker whose threads all hang has none."""

from contextlib import suppress
from typing import Any

from celery import bootsteps
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq import signs


class SignOfLife(bootsteps.StartStopStep):
    """Lets the pool leave the sign every few seconds, beside the tasks and without the queue.

    See https://docs.celeryq.dev/en/stable/userguide/extending.html#consumer
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._timer: Any = None
        self._is_asked = False

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
                signs.leave(get_redis_connection("platform"), signs.WORKER)
        finally:
            self._is_asked = False

    def _note_done(self, result: None) -> None:
        """Needed by the pool, which tells everybody when it is done."""
