"""The counters of one process. Any process of the machine can add them up (wiq.metrics.serving).

Only loaded where numbers are asked for: prometheus_client takes memory.
"""

import os
import socket
import time
from functools import cached_property

from prometheus_client import Counter, Gauge, Histogram, values

from wiq.metrics.counting import Counts

# wiq.tenancy.PUBLIC, which would load Django into the process of beat.
PUBLIC = "public"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
# Containers share the folder and have the same process ids; a file's name ends at an underscore.
_host = socket.gethostname().replace("_", "-")
values.ValueClass = values.MultiProcessValue(lambda: f"{_host}-{os.getpid()}")

REQUESTS = Counter(
    "wiq_requests",
    "Answers made by Django, by kind of host and class of status.",
    ["host", "status"],
)
REQUEST_SECONDS = Histogram(
    "wiq_request_seconds", "Time until Django's answer, by kind of host.", ["host"], buckets=SECONDS
)
FROM_MEMORY = Counter(
    "wiq_pages_from_memory", "Pages from memory, which Django never saw.", ["host"]
)
DISTRICT_REQUESTS = Counter(
    "wiq_district_requests", "All answers of a district (WIQ_METRICS_PER_DISTRICT).", ["district"]
)
TASKS = Counter("wiq_tasks", "Tasks that workers ended.", ["task", "outcome"])
TASK_SECONDS = Counter("wiq_task_seconds", "Time that workers spent on tasks.", ["task"])
# With a label, because without one a command that counts nothing would leave a file as well.
LAST_SIGN = Gauge(
    "wiq_last_sign_timestamp_seconds",
    "When a worker last ended a task, and beat last looked for what is due.", ["process"],
    multiprocess_mode="max",
)  # fmt: skip


def kind(schema: str) -> str:
    """Return the kind of host that a schema answers for."""
    if not schema:
        return "unknown"
    return "platform" if schema == PUBLIC else "district"


class Kept(Counts):
    """Counts in files that all processes of the machine share."""

    def __init__(self, *, per_district: bool) -> None:
        self.per_district = per_district

    @cached_property
    def memory(self) -> dict[str, Counter]:
        """The counters of pages: looking a label up takes longer than counting."""
        return {name: FROM_MEMORY.labels(name) for name in ("platform", "district")}

    def answered(self, schema: str, status: str, seconds: float) -> None:
        host = kind(schema)
        REQUESTS.labels(host, f"{status[:1]}xx").inc()
        REQUEST_SECONDS.labels(host).observe(seconds)
        self._district(schema)

    def from_memory(self, schema: str) -> None:
        self.memory["platform" if schema == PUBLIC else "district"].inc()
        self._district(schema)

    def _district(self, schema: str) -> None:
        if self.per_district and kind(schema) == "district":
            DISTRICT_REQUESTS.labels(schema).inc()

    def task(self, name: str, outcome: str, seconds: float) -> None:
        TASKS.labels(name, outcome).inc()
        TASK_SECONDS.labels(name).inc(seconds)
        LAST_SIGN.labels("worker").set(time.time())

    def ticked(self) -> None:
        LAST_SIGN.labels("beat").set(time.time())
