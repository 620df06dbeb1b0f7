"""What a model declares about its data: an inner ``class Data`` beside its fields.

Export, import, a resident's rights, the audit log and the logs read it from here. A system check
refuses an undeclared model or field (docs/decisions/0021-rooms.md).

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "kind language"
        personal = "name email"
        secrets = "token"

Names are separated by spaces, as in ``namedtuple``.
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
    """When the rows of a model are part of a district's file."""

    ALWAYS = "always"
    PERSONAL = "unless personal data stay behind"
    SECRET = "only where personal data and secrets go with them"  # noqa: S105
    NEVER = "never"


@dataclass(frozen=True)
class Declared:
    """The declaration of a model's data; it names each field once."""

    leaves: Leaves
    # Visitors see its rows, perhaps only as a count, so a write renews public pages.
    visitors_see: bool
    plain: tuple[str, ...]
    # Name → its replacement in a file without personal data; a mapping replaces single values.
    personal: Mapping[str, Any]
    # What gives access to something. Only in a file with secrets, never handed out to residents.
    secrets: tuple[str, ...]
    # Computed from other columns: never in a file, computed again on import.
    derived: tuple[str, ...]
    # Which rows may be exported at all, as arguments of ``filter``.
    only: Mapping[str, Any]
    # Of a public row with a district's number: whether it goes with the district to another
    # installation. None: nobody has said so.
    moves_along: bool | None

    def names(self) -> list[str]:
        """Return all declared fields; one that is declared twice appears twice."""
        return [*self.plain, *self.personal, *self.secrets, *self.derived]


# Models of other people's apps: label → class like ``Data`` (``data.py`` of the rooms).
others: "Registry[tuple[str, type]]" = Registry("data")


@cache
def declared(model: Any) -> Declared | None:
    """Return a model's declaration; None if there is none."""
    if model._meta.auto_created:  # a many-to-many table, which holds only keys
        names = tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)
        owner = declared(model._meta.auto_created)
        return owner and Declared(owner.leaves, owner.visitors_see, names, {}, (), (), {}, None)
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
        moves_along=getattr(said, "moves_along", None),
    )


def _split(said: type, kind: str) -> tuple[str, ...]:
    return tuple(getattr(said, kind, "").split())


def data_of(model: Any) -> Declared:
    """Return a model's declaration. Raises LookupError if there is none."""
    found = declared(model)
    if found is None:
        raise LookupError(f"{model._meta.label} does not say what its data are")
    return found


def visitors_see(row: models.Model) -> bool:
    """Tell whether a write of this row renews public pages. It does without a declaration."""
    # A lazy object stands for a row of its model (django.utils.functional).
    found = declared(row._meta.concrete_model)
    return found is None or found.visitors_see


def secret_names() -> frozenset[str]:
    """Return the names of all secret fields, in any model."""
    return frozenset(_names(data_of(model).secrets for model in _declared_models()))


def _declared_models() -> Iterable[Any]:
    return (model for model in apps.get_models() if declared(model) is not None)


def _names(found: Iterable[tuple[str, ...]]) -> set[str]:
    return {name for names in found for name in names}
