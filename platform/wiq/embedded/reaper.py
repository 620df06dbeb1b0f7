"""Ends the processes that a killed supervisor leaves behind.

A separate process that reads lines ``+PGID`` and ``-PGID`` from a pipe; only the supervisor holds
the other end. When the pipe closes (a clean stop, or ``kill -9`` of the supervisor), it asks every
process group still listed to stop and kills what is left after a grace period. It uses the standard
library only, to need little memory for as long as the stack runs.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_SECONDS = 8.0


def alive(group: int) -> bool:
    """Tell whether a process group still has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(groups: dict[int, int]) -> None:
    """Stop every group with its own signal, and kill what is left after the grace period."""
    for group, stop in groups.items():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, stop)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(alive(group) for group in groups):
        time.sleep(0.1)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Keep the list of groups until the supervisor's end of the pipe closes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        group, _, stop = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(group)] = int(stop)
        else:
            groups.pop(int(group), None)
    end(groups)


if __name__ == "__main__":
    main()
