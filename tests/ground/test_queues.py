"""Tasks of one purpose never wait for those of another: each goes into its own queue."""

from typing import Any

import pytest
from django.conf import settings
from django_redis import get_redis_connection

from tenants.provisioning import orders
from tests.cast import District
from tests.ground.test_outbox import write_mail
from wiq import queueing
from wiq.queues import PLACES, Queue
from wiq.rooms import queue_of


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("wiq.mail.tasks.deliver", Queue.MAIL),
        ("wiq.outbox.tasks.sweep", Queue.SWEEPS),
        (orders.TASK, Queue.DISTRICTS),
        ("wiq.media.tasks.draw", Queue.PICTURES),
        ("tenants.console.tasks.count", Queue.ROUTINE),
        ("tenants.restoring.tasks.swap", Queue.DISTRICTS),
        ("nobody.tasks.run", Queue.ROUTINE),
    ],
)
def test_the_room_of_a_task_says_its_queue(task: str, queue: Queue) -> None:
    assert queue_of(task) == queue
    assert PLACES[queue] >= 1


def test_a_task_is_put_into_the_queue_of_its_room_alone(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    server = get_redis_connection("default")

    def waiting() -> dict[Queue, int]:
        return {queue: server.llen(f"{prefix}{queue}") for queue in Queue}

    before = waiting()
    with django_capture_on_commit_callbacks(execute=True):
        write_mail(nord)
    queueing.send("tenants.console.tasks.count", schema_name=nord.row.schema_name)
    after = waiting()
    more = {queue: after[queue] - before[queue] for queue in Queue}
    assert more == {queue: int(queue in (Queue.MAIL, Queue.ROUTINE)) for queue in Queue}
