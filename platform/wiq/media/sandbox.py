"""Looking into what somebody uploaded, in a process of its own: one at a time in each worker.

What a file can do to the library that reads it happens there, where no database, no secret and no
other visitor is. Each of these processes may take a gigabyte, so they don't run side by side.
"""

import subprocess
import sys
import threading

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WAIT_SECONDS = 60
# What such a process knows of this one: nothing.
ENVIRONMENT: dict[str, str] = {}
_turn = threading.BoundedSemaphore(1)


def run_sandboxed(module: str, *arguments: str, content: bytes = b"", seconds: float) -> bytes:
    """Run a module in a process of its own and return what it answers.

    ``content`` is its standard input, ``seconds`` the longest it may take. Raises
    subprocess.SubprocessError where it fails or is ended, and ValidationError where others took
    all the time there was to wait.
    """
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise ValidationError(
            _(
                "Gerade werden andere Bilder und Videos bearbeitet. Bitte versuchen Sie es in einer Minute noch einmal."
            )
        )
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", module, *arguments],
            input=content, capture_output=True, timeout=seconds, check=True,
            env=ENVIRONMENT,
        )  # fmt: skip
    finally:
        _turn.release()
    return done.stdout
