"""Saving and removing an object with its audit entry: what every room's plain writes share."""

from typing import Any, TypeVar

from django.db import models, transaction

from wiq.audit import services as audit

Record = TypeVar("Record", bound=models.Model)


@transaction.atomic
def save(instance: Record, *, actor: Any) -> Record:
    """Check and save a new or changed object, and record who did it.

    Raises ValidationError where a rule of the model is broken.
    """
    created = instance._state.adding
    instance.full_clean()
    instance.save()
    verb = "created" if created else "updated"
    audit.record(f"{instance._meta.model_name}.{verb}", instance, actor=actor)
    return instance


@transaction.atomic
def remove(instance: models.Model, *, actor: Any) -> None:
    """Delete an object and record who did it."""
    audit.record(f"{instance._meta.model_name}.deleted", instance, actor=actor)
    instance.delete()
