"""Saving and deleting an object with its audit entry, for every room's simple writes."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from wiq.audit import services as audit
from wiq.mail_addresses import tidied
from wiq.typed import line, without_control_characters

Record = TypeVar("Record", bound=models.Model)
FIRST_YEAR = 1900


def tidy(instance: models.Model) -> None:
    """Bring every text of an object into the form in which it is kept (``wiq.typed``)."""
    for field in instance._meta.concrete_fields:
        if field.generated:  # the database makes it
            continue
        value = getattr(instance, field.attname, None)
        if isinstance(field, models.CharField | models.TextField) and isinstance(value, str):
            setattr(instance, field.attname, _kept(field, value))


def _kept(field: "models.Field[Any, Any]", text: str) -> str:
    clean = without_control_characters(text)
    if isinstance(field, models.EmailField):
        return tidied(clean)
    return line(clean) if isinstance(field, models.CharField) else clean


def check_years(instance: models.Model) -> None:
    """Refuse days of another age: typed with two digits, the year 26 is a real one for browsers.

    Raises ValidationError with the field's name.
    """
    for field in instance._meta.concrete_fields:
        day = (
            getattr(instance, field.attname, None) if isinstance(field, models.DateField) else None
        )
        if isinstance(day, date) and day.year < FIRST_YEAR:
            text = _("Bitte schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 2026.")
            raise ValidationError({field.name: text})


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
    check_years(instance)
    instance.full_clean()
    instance.save(update_fields=None if created else _own_fields(instance))
    verb = "created" if created else "updated"
    audit.record_change(f"{instance._meta.model_name}.{verb}", instance, actor=actor)
    return instance


@transaction.atomic
def save_new(instances: Sequence[Record], *, actor: Any) -> None:
    """Check and save many new objects of one model, and record who did it: three statements.

    As ``save`` for each, but what the database checks itself (what is taken, constraints) is left
    to it. Raises ValidationError if an object breaks a rule of its model.
    """
    for instance in instances:
        tidy(instance)
        check_years(instance)
        instance.clean_fields()
        instance.clean()
    if not instances:
        return
    try:
        with transaction.atomic():
            type(instances[0])._default_manager.bulk_create(instances)
    except IntegrityError:
        for instance in instances:
            instance.full_clean()  # says in words what is wrong
        raise
    audit.record_new(instances, actor=actor)


@transaction.atomic
def remove(instance: models.Model, *, actor: Any) -> None:
    """Delete an object and record who did it."""
    audit.record_change(f"{instance._meta.model_name}.deleted", instance, actor=actor)
    instance.delete()
