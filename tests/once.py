"""What one worker of pytest-xdist makes for all, while the others wait for it."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of this name; whoever comes first fills it with ``make``.

    It lies beside the servers of this run of the tests, and is deleted with them at its end. Raises
    whatever ``make`` raises; then the next one tries anew.
    """
    folder: Path = settings.WIQ_STATE.parent / name
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder
