"""Who did something: an account, or a word if no account acted."""

from django.db import models

Actor = models.Model | str


def name_of(actor: Actor) -> str:
    """Return the actor as the log stores it: an account's address, or the word itself."""
    return actor if isinstance(actor, str) else str(getattr(actor, "email", actor))
