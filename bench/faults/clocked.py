"""The stack of run.py with clocks that can be set: every part reads an offset from a file.

    python -m bench.faults.clocked STATE PORT

Prints ``ready`` and stays until a signal ends it, as run.py does. The offsets of the database and
of the platform's own processes lie in two files of the state folder (wiq/embedded/clock.c).
"""

import contextlib
import dataclasses
import signal
import sys
from pathlib import Path

from wiq.embedded import clock, postgres
from wiq.embedded.children import Child, Nursery, Recipe
from wiq.embedded.console import StopRequested
from wiq.embedded.stack import Stack
from wiq.embedded.state import State


def can_set_clocks() -> bool:
    """Tell whether this machine can make the library (Linux with a C compiler)."""
    return clock.can_be_set()


def set_clock(state: Path, of_database: bool, seconds: int) -> None:
    """Put the clock of the database, or of the platform's processes, ahead or back."""
    clock.put_ahead(_file(state, of_database), seconds)


def _file(state: Path, of_database: bool) -> Path:
    return state / ("clock-database" if of_database else "clock-platform")


class ClockedNursery(Nursery):
    """Starts every child under a clock that can be set."""

    state: Path
    library: Path | None = None

    def start(self, recipe: Recipe) -> Child:
        environment = dict(recipe.environment)
        if self.library is not None:
            file = _file(self.state, recipe.name == postgres.NAME)
            environment |= clock.reading(self.library, file)
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
        nursery.library = clock.make_library(folder)
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
