"""Writing the audit log, in the transaction of what it records."""

from typing import Any

from django.db import models

from wiq.audit.models import Entry

SYSTEM = "system"


def record(
    action: str,
    target: models.Model,
    *,
    actor: models.Model | str | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry about ``target`` to the log of the current schema.

    ``actor`` is the account that acted or a word for who it was; ``details`` must not hold what
    residents wrote.
    """
    who = actor if isinstance(actor, str) else getattr(actor, "email", None)
    return Entry.objects.create(
        actor=who or SYSTEM,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        details=details or {},
    )
