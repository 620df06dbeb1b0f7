"""What is erased again after a restore: ``subject.py`` of the rooms says how, for its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wiq.rooms import Registry


@dataclass(frozen=True)
class Repeat:
    """One kind of erasure.

    ``words`` yields everything in the current district that could have been erased, in the words
    that were noted; ``again`` erases what one of them names.
    """

    kind: str
    words: Callable[[], Iterable[str]]
    again: Callable[[str], object]


repeats: Registry[Repeat] = Registry("subject")


def numbers_of(rows: "models.QuerySet[Any]") -> list[str]:
    """Return the keys of rows, as words."""
    return [str(number) for number in rows.order_by("pk").values_list("pk", flat=True)]
