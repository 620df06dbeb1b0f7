"""Who did something: an account, or a word where no account acted."""

from django.db import models

Actor = models.Model | str


def name_of(actor: Actor) -> str:
    """Return who acted as the log keeps it: an account's address, or the word itself."""
    return actor if isinstance(actor, str) else str(getattr(actor, "email", actor))
