"""What an import does before and after it writes rows: ``importing.py`` of the rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wiq.rooms import Registry


@dataclass(frozen=True)
class Completion:
    """Fills in, in memory, what a file leaves out of one model's rows, or refuses a row.

    ``complete`` gets the row and the file's values; it raises ValidationError.
    """

    model: type[models.Model]
    complete: Callable[[Any, dict[str, Any]], None]


@dataclass(frozen=True)
class Older:
    """Updates a row of an older file: ``change`` gets the values and changes them in place."""

    model: type[models.Model]
    change: Callable[[dict[str, Any]], None]


older: Registry[Older] = Registry("importing")
completions: Registry[Completion] = Registry("importing")
# Called in the district's schema after all its rows are written.
afterwards: Registry[Callable[[], None]] = Registry("importing")


def bring_up_to_date(model: type[models.Model], data: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values from a file, converted to the current format."""
    data = dict(data)
    for one in older:
        if one.model is model:
            one.change(data)
    return data


def complete(row: models.Model, data: dict[str, Any]) -> None:
    """Fill in what a file leaves out of a row. Raises ValidationError if a room refuses it."""
    for completion in completions:
        if isinstance(row, completion.model):
            completion.complete(row, data)
