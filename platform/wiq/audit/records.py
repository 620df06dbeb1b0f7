"""Saving and deleting an object with its audit entry, for every room's simple writes."""

import unicodedata
from typing import Any, TypeVar

from django.db import models, transaction

from wiq.audit import services as audit
from wiq.editing.line_ends import with_plain_line_ends
from wiq.mail_addresses import tidied

Record = TypeVar("Record", bound=models.Model)


# Word processors insert these: a line break within a paragraph, and a page break.
_LINE_BREAKS = {"\x0b": "\n", "\x0c": "\n", "\r": "\n"}


def tidy(instance: models.Model) -> None:
    """Remove control characters from every text: no page shows them and no feed may hold them."""
    for field in instance._meta.concrete_fields:
        if field.generated:  # the database makes it
            continue
        value = getattr(instance, field.attname, None)
        if isinstance(field, models.CharField | models.TextField) and isinstance(value, str):
            clean = without_control_characters(value)
            is_address = isinstance(field, models.EmailField)
            setattr(instance, field.attname, tidied(clean) if is_address else clean)


def without_control_characters(text: str) -> str:
    """Return a text with tabs and line breaks as its only control characters."""
    text = with_plain_line_ends(text)
    for sign, line_break in _LINE_BREAKS.items():
        text = text.replace(sign, line_break)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _own_fields(instance: models.Model) -> list[str]:
    """Return the fields that a simple save writes, without the model's ``MOVED_BY_SERVICES``.

    Separate services write those, perhaps since this object was read.
    """
    moved = getattr(instance, "MOVED_BY_SERVICES", ())
    return [
        field.name
        for field in instance._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name not in moved
    ]


@transaction.atomic
def save(instance: Record, *, actor: Any) -> Record:
    """Check and save a new or changed object, and record who did it.

    Raises ValidationError if the object breaks a rule of its model.
    """
    created = instance._state.adding
    tidy(instance)
    instance.full_clean()
    instance.save(update_fields=None if created else _own_fields(instance))
    verb = "created" if created else "updated"
    audit.record_change(f"{instance._meta.model_name}.{verb}", instance, actor=actor)
    return instance


@transaction.atomic
def remove(instance: models.Model, *, actor: Any) -> None:
    """Delete an object and record who did it."""
    audit.record_change(f"{instance._meta.model_name}.deleted", instance, actor=actor)
    instance.delete()
