"""The worker's queues side by side: each has its places, so a full one holds up no other.

Celery reads all queues of a worker together and stops when its threads are busy, whatever with.
Here each queue is read through a channel of its own, whose prefetch count is its number of places.
As tasks are acknowledged late, that is how many of them run at once. More workers would do the same
with 70 MB each.
"""

from typing import Any

from celery import bootsteps
from django.conf import settings
from kombu.common import ignore_errors

from wiq.queues import PLACES


class Places(bootsteps.StartStopStep):
    """Reads each queue of this worker (``-Q``, else all) as far as it has places.

    See https://docs.celeryq.dev/en/stable/userguide/extending.html#custom-message-consumers
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        queues = consumer.app.amqp.queues
        asked = set(queues.consume_from) - settings.WIQ_QUEUES_ELSEWHERE
        self._read = {name: queues[name] for name in PLACES if name in asked}
        consumer.wiq_queues = set(self._read)
        # Celery's own consumer would take the same tasks without looking at places.
        queues.deselect([str(name) for name in PLACES])
        self._consumers: list[Any] = []

    def start(self, consumer: Any) -> None:
        """Begin to read, also after every lost connection to the queue."""
        self._consumers = []
        take = consumer.create_task_handler()
        for name, queue in self._read.items():
            channel = consumer.connection.channel()
            channel.basic_qos(0, PLACES[name], False)
            reader = consumer.app.amqp.TaskConsumer(
                channel, queues=[queue], on_message=take, on_decode_error=consumer.on_decode_error
            )
            reader.consume()
            self._consumers.append(reader)

    def stop(self, consumer: Any) -> None:
        """Take no more tasks; those that were begun are done."""
        for reader in self._consumers:
            ignore_errors(consumer.connection, reader.cancel)

    def shutdown(self, consumer: Any) -> None:
        """Give what was not begun back to the queue."""
        for reader in self._consumers:
            ignore_errors(consumer.connection, reader.channel.close)
        self._consumers = []
