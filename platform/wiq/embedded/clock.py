"""``run.py test --clock``: the plain suite at dates and times that often cause errors.

Every process of a run, servers and browser included, reads a wall clock shifted by the same span
(clock.c, compiled with ``cc``). Monotonic clocks are unchanged. Not shifted are the kernel's times
of files, and the clock of programs that call the kernel without the C library.
"""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wiq.embedded.console import Unusable

SOURCE = Path(__file__).with_name("clock.c")
FILE, PRELOAD = "WIQ_CLOCK_FILE", "LD_PRELOAD"
HERE = ZoneInfo("Europe/Berlin")
# Local times. Some are just before a change, so that a run of a few minutes includes it.
MOMENTS = {
    "the last hour of a winter day": datetime(2027, 1, 14, 23, 30, tzinfo=HERE),
    "the last hour of a summer day": datetime(2027, 7, 14, 23, 30, tzinfo=HERE),
    "just after midnight": datetime(2027, 5, 5, 0, 5, tzinfo=HERE),
    "over midnight": datetime(2027, 5, 4, 23, 59, tzinfo=HERE),
    "29 February": datetime(2028, 2, 29, 12, 0, tzinfo=HERE),
    "31 December, into the new year": datetime(2027, 12, 31, 23, 59, tzinfo=HERE),
    "1 January": datetime(2028, 1, 1, 0, 5, tzinfo=HERE),
    "the night in which an hour is missing": datetime(2027, 3, 28, 1, 59, tzinfo=HERE),
    "the night in which an hour comes twice": datetime(2027, 10, 31, 2, 59, tzinfo=HERE),
}


def can_be_set() -> bool:
    """Tell whether this machine can make the library (Linux with a C compiler)."""
    return sys.platform == "linux" and shutil.which("cc") is not None


def make_library(folder: Path) -> Path:
    """Compile the clock into a folder every process can read. Raises Unusable without ``cc``."""
    if not can_be_set():
        raise Unusable("setting clocks needs Linux and a C compiler; please install gcc")
    library = folder / "clock.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    return library


def put_ahead(file: Path, seconds: int) -> None:
    """Write the shift for all clocks that read this file; it takes effect at once."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as output:
        output.write(struct.pack("=q", seconds))


def reading(library: Path, file: Path) -> dict[str, str]:
    """Return the environment of a process whose clock follows the file."""
    return {PRELOAD: str(library), FILE: str(file)}


def inherited(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that a server with a minimal environment needs for the same clock."""
    if FILE not in environment:
        return {}
    return {name: environment[name] for name in (PRELOAD, FILE) if name in environment}


def span_until(moment: datetime) -> int:
    """Return the seconds from now until a moment; negative if it has passed."""
    return int((moment - datetime.now(UTC)).total_seconds())
