"""Where a trace goes on: what web and worker call, whether or not anybody asked for traces."""

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
OURS = "http/protobuf"
PACKAGE = "opentelemetry"


def are_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a receiver is named. A compose file passes an unset variable on as empty."""
    return any(environment.get(name) for name in ENDPOINTS)


def keep_out(modules: dict[str, Any] = sys.modules) -> None:
    """Let nothing load OpenTelemetry in this process, unless traces are wanted.

    redis-py loads it wherever it is installed, 3.4 MB in each process. None in place of a module
    says that there is none (https://docs.python.org/3/reference/import.html#the-module-cache).
    """
    if not are_wanted():
        modules.setdefault(PACKAGE, None)


def objection(environment: Mapping[str, str] = os.environ) -> str:
    """Return why traces that are wanted can't be sent; empty where they can."""
    if not are_wanted(environment):
        return ""
    if any(environment.get(name) not in (None, "", OURS) for name in PROTOCOLS):
        return f"{PROTOCOLS[0]} must be {OURS}, or unset: traces go out over HTTP alone."
    if find_spec(PACKAGE) is None:
        return (
            f"{ENDPOINTS[0]} is set, but OpenTelemetry is not installed: its packages are in "
            "requirements/prod.txt, or unset it."
        )
    return ""


class Traces:
    """Traces nothing."""

    def sending(self, task: str, queue: str) -> AbstractContextManager[dict[str, str]]:
        """Note that a task is put into a queue; the block gets the headers to send with it."""
        return nullcontext({})

    def running(
        self, task: str, queue: str, headers: Mapping[str, str]
    ) -> AbstractContextManager[None]:
        """Note that a task runs, in the trace whose headers came with it."""
        return nullcontext()


_traces = Traces()


def begin(process: str) -> None:
    """Trace this process (``web``, ``worker``) from now on, if a receiver is named.

    Before the application and its connections are made.
    """
    global _traces
    if are_wanted():
        _traces = import_module("wiq.traces.kept").Kept(process)


def sending(task: str, queue: str) -> AbstractContextManager[dict[str, str]]:
    """Note that a task is put into a queue; the block gets the headers to send with it."""
    return _traces.sending(task, queue)


def running(task: str, queue: str, headers: Mapping[str, str]) -> AbstractContextManager[None]:
    """Note that a task runs, in the trace whose headers came with it."""
    return _traces.running(task, queue, headers)
