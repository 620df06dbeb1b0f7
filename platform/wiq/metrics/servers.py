"""What the servers say of themselves: the queue's length, and room for the locks of a backup."""

from django.conf import settings
from django_redis import get_redis_connection
from django_tenants.utils import get_tenant_model

from wiq.database import lock_room
from wiq.metrics.measures import Measure, Rows
from wiq.queues import Queue


def _queue() -> Rows:
    """Return the tasks that wait, and those that a worker has taken and not yet ended."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    server = get_redis_connection("default")
    yield ("waiting",), sum(server.llen(f"{prefix}{name}") for name in Queue)
    yield ("taken",), server.hlen(f"{prefix}unacked")


def _locks() -> Rows:
    yield ("needed",), lock_room.needed(get_tenant_model().objects.count())
    yield ("room",), lock_room.room()


SERVERS = (
    Measure("wiq_queue_tasks", "Tasks in the queue.", ("state",), _queue),
    Measure(
        "wiq_backup_locks", "Locks that a dump of all districts needs, and how many there are.",
        ("kind",), _locks,
    ),
)  # fmt: skip
