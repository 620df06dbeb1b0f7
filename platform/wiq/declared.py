"""What a model says of its data: an inner ``class Data`` beside its fields.

Export, import, a resident's rights, the audit log and the logs read it from here; the system check
``wiq.checks`` refuses a model or a field that nobody declared (docs/decisions/0021-rooms.md).

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "kind language"
        personal = "name email"
        secrets = "token"

Names stand with spaces between, as in ``namedtuple``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from wiq.rooms import Registry


class Leaves(Enum):
    """Whether the rows of a model go into a district's file."""

    ALWAYS = "always"
    PERSONAL = "unless personal data stay behind"
    SECRET = "only where personal data and secrets go with them"  # noqa: S105
    NEVER = "never"


@dataclass(frozen=True)
class Declared:
    """What a model says of its data, and each of its fields once."""

    leaves: Leaves
    # One whose rows visitors see, if only by a number: a write makes public pages old.
    visitors_see: bool
    plain: tuple[str, ...]
    # Name → what stands there instead in a file without personal data; a mapping says what stands
    # instead of which value.
    personal: Mapping[str, Any]
    # What opens doors. In a file only where secrets go with it, never in what is handed out.
    secrets: tuple[str, ...]
    # Made from other columns: never in a file, made anew where it is read.
    derived: tuple[str, ...]
    # Which rows go at all, as arguments of ``filter``.
    only: Mapping[str, Any]

    def names(self) -> list[str]:
        """Return every field that is declared, as often as it is."""
        return [*self.plain, *self.personal, *self.secrets, *self.derived]


# Models of other people's apps: label → class like ``Data`` (``data.py`` of the rooms).
others: "Registry[tuple[str, type]]" = Registry("data")


@cache
def declared(model: Any) -> Declared | None:
    """Return what a model says of its data; None where nobody says anything."""
    if model._meta.auto_created:  # the table between two models: as plain as a foreign key
        names = tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)
        owner = declared(model._meta.auto_created)
        return owner and Declared(owner.leaves, owner.visitors_see, names, {}, (), (), {})
    said = getattr(model, "Data", None) or dict(others).get(model._meta.label_lower)
    if said is None:
        return None
    personal = getattr(said, "personal", "")
    return Declared(
        leaves=getattr(said, "leaves", Leaves.NEVER),
        visitors_see=getattr(said, "visitors_see", True),
        plain=_split(said, "plain"),
        personal=personal if isinstance(personal, Mapping) else dict.fromkeys(personal.split(), ""),
        secrets=_split(said, "secrets"),
        derived=_split(said, "derived"),
        only=getattr(said, "only", {}),
    )


def _split(said: type, kind: str) -> tuple[str, ...]:
    return tuple(getattr(said, kind, "").split())


def data_of(model: Any) -> Declared:
    """Return what a model says of its data. Raises LookupError where nobody says anything."""
    found = declared(model)
    if found is None:
        raise LookupError(f"{model._meta.label} does not say what its data are")
    return found


def visitors_see(row: models.Model) -> bool:
    """Tell whether a write of this row makes public pages old. Whoever says nothing is seen."""
    # A lazy object stands for a row of its model (django.utils.functional).
    found = declared(row._meta.concrete_model)
    return found is None or found.visitors_see


def secret_names() -> frozenset[str]:
    """Return the names of all fields that open doors, in any model."""
    return frozenset(_names(data_of(model).secrets for model in _declared_models()))


def _declared_models() -> Iterable[Any]:
    return (model for model in apps.get_models() if declared(model) is not None)


def _names(found: Iterable[tuple[str, ...]]) -> set[str]:
    return {name for names in found for name in names}
