"""What rooms keep under this installation's SECRET_KEY, and what a move opens and seals anew.

A district's rows go to another installation as they are. A column that only this one can read goes
beside them in the clear: a room names it in its ``sealed.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from wiq.rooms import Registry


class WorthNothing(ValueError):
    """A row that nothing can be done with any more, such as the session of a changed password."""


@dataclass(frozen=True)
class Sealed:
    """A column of a district's table, which is sealed with SECRET_KEY.

    ``opened`` gets a row and returns what JSON can hold, or raises WorthNothing: then the row stays
    behind. ``sealed`` gets the row in its new place and that value, and returns the column's.
    """

    model: type[models.Model]
    column: str
    opened: Callable[[Any], Any]
    sealed: Callable[[Any, Any], Any]


columns: Registry[Sealed] = Registry("sealed")
