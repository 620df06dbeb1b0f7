"""One after the other: a backup by hand waits for the night's, and a check for the other check."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def alone(say: Callable[[str], object]) -> Iterator[None]:
    """Wait until nobody else works in ``WIQ_BACKUP_STATE``, and let nobody in meanwhile.

    ``say`` hears that one has to wait. The lock ends with its process. Raises OSError.
    """
    state: Path = settings.WIQ_BACKUP_STATE
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another backup or check is at work here; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
