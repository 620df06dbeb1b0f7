"""The queues of the worker: one for each purpose, with places that no other purpose takes.

Without Django, because the beat process uses it too.
"""

from collections.abc import Mapping
from enum import StrEnum


class Queue(StrEnum):
    """What tasks are for. A room says it once for all of its tasks (RoomConfig.queue)."""

    ROUTINE = "celery"  # Celery's own name: tasks that an older version has queued are here
    SWEEPS = "sweeps"
    MAIL = "mail"  # a mail that was written just now
    BACKLOG = "backlog"  # mails that have waited, many at a time
    DISTRICTS = "districts"
    PICTURES = "pictures"
    CALLS = "calls"  # to other people's servers, which may be slow
    RESTORING = "restoring"  # reads backups: of a worker that was given them, and of no other


# How many tasks of a queue one worker does at the same time. They are threads that mostly wait for
# somebody else, so their sum may be more than the processors.
PLACES: Mapping[Queue, int] = {
    Queue.ROUTINE: 2,
    Queue.SWEEPS: 1,
    Queue.MAIL: 2,
    Queue.BACKLOG: 2,
    Queue.DISTRICTS: 1,  # a lock lets no more than one work anyway
    Queue.PICTURES: 1,  # it needs a processor of its own
    Queue.CALLS: 2,
    Queue.RESTORING: 1,
}
