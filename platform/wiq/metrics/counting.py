"""What a process counts while it works: nothing, unless numbers are asked for."""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from time import perf_counter
from typing import Any

from wiq.metrics.switch import prepare_folder, read

ADDRESS = read(os.environ)
# The schema that answered, noted in the request's environment; none for an unknown host.
SCHEMA = "wiq.schema"
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Counts:
    """Counts nothing: what every process calls where nobody asks for numbers."""

    def answered(self, schema: str, status: str, seconds: float) -> None:
        """Count an answer that Django made."""

    def from_memory(self, schema: str) -> None:
        """Count a page that came from memory, without Django."""

    def task(self, name: str, outcome: str, seconds: float) -> None:
        """Count a task that a worker ended, ``done`` or ``failed``."""

    def ticked(self) -> None:
        """Note that beat looked for what is due."""


def _counts() -> Counts:
    if ADDRESS is None:
        return Counts()
    prepare_folder()
    kept: Counts = import_module("wiq.metrics.kept").Kept(per_district=ADDRESS.per_district)
    return kept


counts = _counts()


def serve_in_background() -> None:
    """Serve the numbers of all processes from this one, if no other of this machine does."""
    if ADDRESS is not None:
        import_module("wiq.metrics.serving").serve_in_background(ADDRESS)


def measured(application: Application) -> Application:
    """Return a WSGI application whose answers are counted; the same one where nobody asks."""
    if ADDRESS is None:
        return application

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = perf_counter()
        said: list[str] = []

        def listen(status: str, headers: Any, *error: Any) -> Any:
            said.append(status)
            return start_response(status, headers, *error)

        chunks = application(environ, listen)
        counts.answered(environ.get(SCHEMA, ""), said[-1], perf_counter() - began)
        return chunks

    return answer
