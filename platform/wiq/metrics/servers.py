"""What the servers say of themselves: version, queue, disk, and what a backup needs."""

import shutil
import time

from django.conf import settings
from django_redis import get_redis_connection
from django_tenants.utils import get_tenant_model

from wiq import signs, version
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


def _version() -> Rows:
    yield (version.VERSION, version.commit()), 1


def _disk() -> Rows:
    usage = shutil.disk_usage(settings.WIQ_STATE)
    yield ("free",), usage.free
    yield ("total",), usage.total


def _backup() -> Rows:
    """Return the age of the last backup that told of itself; no row where none ever did."""
    made = signs.backup_made(get_redis_connection("platform"))
    if made is not None:
        yield (), max(time.time() - made, 0)


SERVERS = (
    Measure("wiq_build_info", "Which version serves the numbers.", ("version", "commit"), _version),
    Measure("wiq_disk_bytes", "The disk where files lie.", ("kind",), _disk),
    Measure("wiq_backup_age_seconds", "How old the last backup is.", (), _backup),
    Measure("wiq_queue_tasks", "Tasks in the queue.", ("state",), _queue),
    Measure(
        "wiq_backup_locks", "Locks that a dump of all districts needs, and how many there are.",
        ("kind",), _locks,
    ),
)  # fmt: skip
