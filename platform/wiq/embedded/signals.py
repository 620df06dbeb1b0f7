"""What a signal does before a stack runs, and to a command beside it."""

import signal

from wiq.embedded.console import StopRequested


def end_quietly(number: int, frame: object) -> None:
    """Exit at once: nothing has been started yet."""
    raise SystemExit(0)


def _end(number: int, frame: object) -> None:
    raise StopRequested


def end_by_signal() -> None:
    """Let a signal end a command cleanly: servers started for it are stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
