"""The progress output of run.py: one line per step, with the time it took."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Unusable(Exception):
    """The machine or the call has to be changed; the text is one line for the user.

    The command line turns it into exit status 2, for instance when a port or a folder is in use.
    """


class StopRequested(Exception):
    """Somebody asked the stack to stop while it was still starting."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print ``title`` and, when the block ends, the seconds it took."""
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"  {title} ... failed after {time.monotonic() - started:.1f} s")
        raise
    say(f"  {title} ... {time.monotonic() - started:.1f} s")


class _Output:
    """Where the lines go: standard output for ``up``, else standard error."""

    stream: TextIO = sys.stdout


def report_on(stream: TextIO) -> None:
    """Send all lines to this stream, for instance to leave standard output to a command."""
    _Output.stream = stream


def say(line: str) -> None:
    """Print one line at once; ignore a closed pipe."""
    try:
        print(line, file=_Output.stream, flush=True)
    except OSError:
        _Output.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
