"""The stack of run.py with clocks that can be set: every part reads an offset from a file.

    python -m bench.faults.clocked STATE PORT

Prints ``ready`` and stays until a signal ends it, as run.py does. The offsets of the database and
of the platform's own processes lie in two files of the state folder (clock.c, made by ``cc``).
"""

import contextlib
import dataclasses
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

from wiq.embedded import postgres
from wiq.embedded.children import Child, Nursery, Recipe
from wiq.embedded.console import StopRequested
from wiq.embedded.stack import Stack
from wiq.embedded.state import State

SOURCE = Path(__file__).with_name("clock.c")


def can_set_clocks() -> bool:
    """Tell whether this machine can make the library (Linux with a C compiler)."""
    return sys.platform == "linux" and shutil.which("cc") is not None


def make_library(folder: Path) -> Path:
    """Compile the clock into a folder that every part can read."""
    library = folder / "clock.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    return library


def set_clock(state: Path, of_database: bool, seconds: int) -> None:
    """Put the clock of the database, or of the platform's processes, ahead or back."""
    path = _file(state, of_database)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
        file.write(struct.pack("=q", seconds))


def _file(state: Path, of_database: bool) -> Path:
    return state / ("clock-database" if of_database else "clock-platform")


class ClockedNursery(Nursery):
    """Starts every child under a clock that can be set."""

    state: Path
    library: Path | None = None

    def start(self, recipe: Recipe) -> Child:
        clock = {}
        if self.library is not None:
            file = _file(self.state, recipe.name == postgres.NAME)
            clock = {"LD_PRELOAD": str(self.library), "WIQ_CLOCK_FILE": str(file)}
        environment = dict(recipe.environment) | clock
        return super().start(dataclasses.replace(recipe, environment=environment))


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    state = State(folder)
    state.acquire()
    for of_database in (True, False):
        set_clock(folder, of_database, 0)
    stack = Stack(state, port=port)
    stack.nursery.close()
    nursery = ClockedNursery(state.lock_descriptor())
    nursery.state = folder
    if can_set_clocks():
        nursery.library = make_library(folder)
    stack.nursery = nursery
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: setattr(nursery, "stopping", True))
        with contextlib.suppress(StopRequested):
            stack.start_servers()
            stack.prepare("--demo")
            stack.start_platform()
            state.announce(stack.environment)
            print("ready: ", flush=True)
            stack.watch()
    finally:
        stack.stop()
        state.release()


if __name__ == "__main__":
    main()
