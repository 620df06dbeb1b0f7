"""Reading uploads in a separate process, one at a time in each worker.

A malicious file can only harm that process, which holds no database connection, no secret and no
other visitor's data. Each may use a gigabyte, so they don't run side by side.
"""

import subprocess
import sys
import threading

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WAIT_SECONDS = 60
# While so many threads of a process wait for their turn, nobody else does: pages need the others.
WAITING_MAX = 2
# Such a process inherits nothing from this one.
ENVIRONMENT: dict[str, str] = {}
_turn = threading.BoundedSemaphore(1)
_waiting = threading.BoundedSemaphore(WAITING_MAX)


def run_sandboxed(module: str, *arguments: str, content: bytes = b"", seconds: float) -> bytes:
    """Run a module in a separate process and return its output.

    ``content`` is its standard input, ``seconds`` its time limit. Raises
    subprocess.SubprocessError if it fails or is killed, and ValidationError if others kept it
    waiting for too long.
    """
    if not _waiting.acquire(blocking=False):
        raise _busy()
    try:
        if not _turn.acquire(timeout=WAIT_SECONDS):
            raise _busy()
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", module, *arguments],
                input=content, capture_output=True, timeout=seconds, check=True,
                env=ENVIRONMENT,
            )  # fmt: skip
        finally:
            _turn.release()
    finally:
        _waiting.release()
    return done.stdout


def _busy() -> ValidationError:
    return ValidationError(
        _(
            "Gerade werden andere Bilder und Videos bearbeitet. Bitte versuchen Sie es in einer Minute noch einmal."
        )
    )
