"""What a signal means before and beside a running stack."""

import signal

from wiq.embedded.console import StopRequested


def end_quietly(number: int, frame: object) -> None:
    """End at once: nothing has been started yet."""
    raise SystemExit(0)


def _end(number: int, frame: object) -> None:
    raise StopRequested


def end_by_signal() -> None:
    """Let a signal end a command in order: what was started for it is stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
