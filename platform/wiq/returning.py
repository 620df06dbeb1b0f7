"""What a district's restored rows don't decide: ``returning.py`` of the rooms.

A backup brings back what people wrote. It must not bring back who was locked out since, what was
signed out, or send a mail twice: there the rows of today hold (docs/decisions/0106).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wiq.rooms import Registry

# Labels of models, in lower case: today's rows hold, those of the backup are not looked at.
as_today: Registry[str] = Registry("returning")
# Their rows are neither brought back nor kept.
emptied: Registry[str] = Registry("returning")


@dataclass(frozen=True)
class Mend:
    """A change of the restored rows by what stands in today's.

    ``read`` runs in the district's schema of today, ``mend`` gets its result in the restored one.
    """

    read: Callable[[], Any]
    mend: Callable[[Any], object]


mends: Registry[Mend] = Registry("returning")
