"""Writing the audit log, in the transaction of what it records."""

from typing import Any

from django.db import models

from wiq.audit.models import Entry
from wiq.page_cache.version import renew_after_commit
from wiq.tenancy import PUBLIC, connection

SYSTEM = "system"
# Whoever pressed a button behind a mail's link. The address itself would outlive its erasure.
MAIL_LINK = "mail-link"


# Somebody of a district's coordination, in the platform's log: the address stays in the district.
COORDINATION = "coordination"


def for_platform(actor: Any) -> Any:
    """Return who acted as the platform's log may say it, wherever it is asked for."""
    return actor if connection.schema_name == PUBLIC else COORDINATION


def record(
    action: str,
    target: models.Model | None,
    *,
    actor: models.Model | str | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry about ``target`` to the log, and let the schema's public pages become old.

    Every write that visitors may see is recorded, so this is the place for it. Arguments as ``note``.
    """
    renew_after_commit(connection.schema_name)
    return note(action, target, actor=actor, details=details)


def note(
    action: str,
    target: models.Model | None,
    *,
    actor: models.Model | str | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry about ``target`` to the log of the current schema; for what no page shows.

    ``actor`` is the account that acted or a word for who it was; ``details`` must not hold what
    residents wrote; ``target`` is None where nothing was touched (somebody was refused).
    """
    who = actor if isinstance(actor, str) else getattr(actor, "email", None)
    return Entry.objects.create(
        actor=who or SYSTEM,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=details or {},
    )
