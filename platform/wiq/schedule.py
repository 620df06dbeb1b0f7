"""The schedule of tasks, without Django, so that the beat process loads no models."""

from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab

from wiq.queues import Queue

SWEEP_SECONDS = 5.0
CALLS_SECONDS = 15.0
# Nobody can write meanwhile in a district whose move broke off.
MOVES_SECONDS = 10.0
CELLS_SECONDS = 120.0


def _on_the_platform(queue: Queue = Queue.ROUTINE) -> dict[str, Any]:
    """Return the options of a task in the public schema (tenant-schemas-celery reads the name).

    Beat knows no rooms, so the queue is said again; a check compares it (wiq.E020).
    """
    return {"headers": {"_schema_name": "public"}, "queue": str(queue)}


# At night in the districts' time zone (Celery's own is UTC).
NIGHTLY = crontab(hour="2", minute="30")

# A time at which a mail wakes nobody.
IN_THE_MORNING = crontab(hour="8", minute="5")

HOURLY = crontab(minute="17")

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep the outbox": {
        "task": "wiq.outbox.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        # After an outage a worker finds one sweep in the queue, not a thousand.
        "options": {"expires": SWEEP_SECONDS, **_on_the_platform(Queue.SWEEPS)},
    },
    "call what waits": {
        "task": "wiq.calls.tasks.sweep",
        "schedule": CALLS_SECONDS,
        "options": {"expires": CALLS_SECONDS, **_on_the_platform(Queue.CALLS)},
    },
    "look at the other installations": {
        "task": "tenants.cells.tasks.look_round",
        "schedule": CELLS_SECONDS,
        "options": {"expires": CELLS_SECONDS, **_on_the_platform(Queue.CALLS)},
    },
    "make ordered districts": {
        "task": "tenants.provisioning.tasks.run_waiting",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS, **_on_the_platform(Queue.DISTRICTS)},
    },
    "end moves that broke off": {
        "task": "tenants.moving.tasks.mend",
        "schedule": MOVES_SECONDS,
        "options": {"expires": MOVES_SECONDS, **_on_the_platform(Queue.DISTRICTS)},
    },
    "count every district": {
        "task": "tenants.console.tasks.count_all",
        "schedule": HOURLY,
        "options": {"expires": 3000, **_on_the_platform()},
    },
    "tell who follows": {
        "task": "tenants.lifecycle.tasks.morning",
        "schedule": IN_THE_MORNING,
        "options": {"expires": 3600, **_on_the_platform()},
    },
    "look after the platform": {
        "task": "tenants.console.tasks.nightly",
        "schedule": NIGHTLY,
        "options": _on_the_platform(),
    },
    "look after every district": {
        "task": "tenants.lifecycle.tasks.nightly",
        "schedule": NIGHTLY,
        "options": _on_the_platform(),
    },
}


def broker_url(redis_url: str) -> str:
    """Return kombu's form of a Redis address: it writes unix sockets differently.

    See https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("db")
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"redis+socket://{user}{parts.path}?virtual_host={database or 0}"
