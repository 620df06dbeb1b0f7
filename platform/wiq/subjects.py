"""What is handed out and erased for an e-mail address: ``subject.py`` of the rooms.

Art. 15, 17 and 20 GDPR. A system check makes sure that every district table with an e-mail
address is covered.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from wiq.actors import Actor
from wiq.declared import data_of
from wiq.rooms import Registry


@dataclass(frozen=True)
class Source:
    """What one room holds about an address; a named part of the file that is handed out."""

    # The order of all parts; dependent ones come after what they belong to.
    place: int
    name: str
    # What the desk calls it.
    title: str | Promise
    # Labels of the models that it speaks for.
    models: tuple[str, ...]
    collect: Callable[[str], list[Any]]
    # Returns how much was erased. None if a resident can't ask for erasure, with the reason.
    erase: Callable[[str, Actor], int] | None = None
    kept_because: str = ""


sources: Registry[Source] = Registry("subject")


def in_order() -> list[Source]:
    """Return the parts of all rooms, in the order of handing out and erasing."""
    return sorted(sources, key=lambda source: source.place)


def erase_all(email: str, actor: Actor) -> dict[str, int]:
    """Erase at once what retention would erase later; return how much there was of each part."""
    return {
        source.name: source.erase(email, actor) for source in in_order() if source.erase is not None
    }


class HandedOut(dict[str, Any]):
    """A row as its subject may read it, by the names of its fields; it knows the row.

    ``said`` has words for values that are codes; None for what says nothing to people.
    """

    def __init__(
        self, row: models.Model, values: Mapping[str, Any], said: Mapping[str, str | None]
    ) -> None:
        super().__init__(values)
        self.row, self.said = row, said

    def along_with(self, **more: Any) -> "HandedOut":
        """Return the row with what belongs to it."""
        return HandedOut(self.row, {**self, **more}, self.said)


def handed_out(row: models.Model, **said: str | None) -> HandedOut:
    """Return a row as its subject may read it: without secrets and without empty fields."""
    secrets = data_of(type(row)).secrets
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in secrets
    }
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return HandedOut(row, given, said)


def all_handed_out(rows: Iterable[models.Model], **said: str | None) -> list[HandedOut]:
    """Return some rows as their subject may read them."""
    return [handed_out(row, **said) for row in rows]
