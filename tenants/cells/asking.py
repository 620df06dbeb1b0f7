"""Asking the other installations: all at the same time, none for longer than a page may take.

The threads only ask. What is remembered of it is written by whoever waits for them, so that a
thread which is given up changes nothing later.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.cells.told import About, Lines, Unreadable, about_from, lines_from
from wiq.calls.client import CallFailed, TooLong, get
from wiq.outages import Circuit

ABOUT, DISTRICTS = "/api/v1/installation/", "/api/v1/installation/districts/"
# What a page waits for all of them; the threads end a little earlier, so that each is noted.
SECONDS = 1.5
ASK_SECONDS = 1.4
MOST_BYTES = 300_000


class Trouble(models.TextChoices):
    """Why nothing is known of an installation now."""

    SILENT = "silent", _("antwortet nicht")
    REFUSES = "refuses", _("nimmt unseren Schlüssel nicht an")
    OTHER = "other", _("antwortet, aber anders als erwartet")


@dataclass(frozen=True)
class Cell:
    """Another installation, as WIQ_CELLS names it."""

    url: str
    host: str
    token: str


@dataclass(frozen=True)
class Query:
    """Which districts are asked for; ``number`` is the page."""

    words: str = ""
    state: str = ""
    number: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether it asks for the beginning of the whole list."""
        return self == Query()


@dataclass(frozen=True)
class Answer:
    """What an installation said just now; ``raw`` is that of ``about`` and ``lines`` as it came."""

    about: About | None = None
    lines: Lines | None = None
    trouble: Trouble | None = None
    raw: tuple[Any, Any] = (None, None)


class Failed(Exception):
    """An installation gave no answer that helps."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


_circuits: dict[str, Circuit] = defaultdict(Circuit)


def others() -> list[Cell]:
    """Return the other installations; one list may stand in the settings of all of them."""
    return [Cell(**one) for one in settings.WIQ_CELLS if one["host"] != settings.WIQ_DOMAIN]


def ask_all(cells: Sequence[Cell], queries: Sequence[Query | None]) -> list[Answer]:
    """Ask each installation for itself and, with a query, for a page of its districts.

    Returns after SECONDS at the latest; whoever has not answered by then is silent.
    """
    answers: dict[int, Answer] = {}

    def ask(place: int) -> None:
        answers[place] = _asked(cells[place], queries[place])

    until = time.monotonic() + SECONDS
    # They ask no database, so it does not matter in which schema they are.
    threads = [
        threading.Thread(target=ask, args=(place,), daemon=True)  # noqa: TID251
        for place in range(len(cells))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    silent = Answer(trouble=Trouble.SILENT)
    return [answers.get(place, silent) for place in range(len(cells))]


def _asked(cell: Cell, query: Query | None) -> Answer:
    circuit, until = _circuits[cell.url], time.monotonic() + ASK_SECONDS
    if circuit.refuses():
        return Answer(trouble=Trouble.SILENT)
    try:
        about = _fetched(cell, ABOUT, until)
        lines = None if query is None else _fetched(cell, _address(query), until)
        circuit.note_answer()
        return Answer(about_from(about), lines and lines_from(lines), raw=(about, lines))
    except Unreadable:
        return Answer(trouble=Trouble.OTHER)
    except Failed as failed:
        if failed.trouble is Trouble.SILENT:
            circuit.note_silence()
        else:
            circuit.note_answer()
        return Answer(trouble=failed.trouble)


def _address(query: Query) -> str:
    asked = {"search": query.words, "state": query.state, "page": query.number}
    return f"{DISTRICTS}?{urlencode({name: value for name, value in asked.items() if value})}"


def _fetched(cell: Cell, path: str, until: float) -> Any:
    """Return the JSON that an installation answers. Raises Failed."""
    headers = {"Authorization": f"Bearer {cell.token}", "Accept": "application/json"}
    left = max(0.05, until - time.monotonic())
    try:
        status, body = get(cell.url + path, headers, seconds=left, most_bytes=MOST_BYTES)
    except TooLong as error:
        raise Failed(Trouble.OTHER) from error
    except CallFailed as error:
        raise Failed(Trouble.SILENT) from error
    if status in (401, 403):
        raise Failed(Trouble.REFUSES)
    if status in (502, 503, 504):  # the proxy in front of it, or its database is away
        raise Failed(Trouble.SILENT)
    if status != 200:
        raise Failed(Trouble.OTHER)
    return _read(body)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Failed(Trouble.OTHER) from error
