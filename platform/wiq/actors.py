"""Who did something: an account, or a word if no account acted."""

from django.db import models

Actor = models.Model | str


def name_of(actor: Actor) -> str:
    """Return the actor as the log stores it: what an account calls itself there, or the word."""
    return actor if isinstance(actor, str) else str(getattr(actor, "name_in_log", actor))
