"""What rows from a district's file need before and after they are written: ``importing.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wiq.rooms import Registry


@dataclass(frozen=True)
class Completion:
    """Fills in, in memory, what a file leaves out of a row of one model, or refuses the row.

    ``complete`` gets the row and what the file says of it; it raises ValidationError.
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
# What is done in the district's schema when all its rows are there.
afterwards: Registry[Callable[[], None]] = Registry("importing")


def bring_up_to_date(model: type[models.Model], data: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says of a row, as files of today say it."""
    data = dict(data)
    for one in older:
        if one.model is model:
            one.change(data)
    return data


def complete(row: models.Model, data: dict[str, Any]) -> None:
    """Fill in what a file leaves out of a row. Raises ValidationError for one that can't be."""
    for completion in completions:
        if isinstance(row, completion.model):
            completion.complete(row, data)
