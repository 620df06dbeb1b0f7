"""Writing the texts of a district."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from directory.pages.models import Text
from wiq.actors import Actor
from wiq.audit import records


def save(instance: Text, *, actor: Actor) -> Text:
    """Check and save a new or changed text. Raises ValidationError."""
    return records.save(instance, actor=actor)


def remove(instance: models.Model, *, actor: Actor) -> None:
    """Delete a text."""
    records.remove(instance, actor=actor)


def create_text(*, actor: Actor, **fields: Any) -> Text:
    """Create a text. Raises ValidationError."""
    return save(Text(**fields), actor=actor)


def create_texts(texts: Sequence[Text], *, actor: Actor) -> None:
    """Create many texts at once. Raises ValidationError."""
    records.save_new(texts, actor=actor)
