"""Writing the audit log, in the transaction of what it records.

A change is a write, an event is none that visitors could see (docs/decisions/0026-pages-renew.md).
"""

from typing import Any

from django.db import models

from wiq.actors import Actor, name_of
from wiq.audit.models import Entry
from wiq.declared import declared, visitors_see
from wiq.page_cache.version import renew_after_commit
from wiq.tenancy import PUBLIC, connection

SYSTEM = "system"
# Whoever pressed a button behind a mail's link. The address itself would outlive its erasure.
MAIL_LINK = "mail-link"


# Somebody of a district's coordination, in the platform's log: the address stays in the district.
COORDINATION = "coordination"


def for_platform(actor: Actor) -> Actor:
    """Return who acted as the platform's log may say it, wherever it is asked for."""
    return actor if connection.schema_name == PUBLIC else COORDINATION


def record_change(
    action: str,
    target: models.Model | None,
    *,
    actor: Actor | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry about a write to the log, and let public pages become old where they show it.

    Whether they do is said by the target's model (``Data.visitors_see``); one that says nothing,
    and a write without a target, count as seen. Arguments as ``record_event``.
    """
    if target is None or visitors_see(target):
        renew_after_commit(connection.schema_name)
    return record_event(action, target, actor=actor, details=details)


def record_event(
    action: str,
    target: models.Model | None,
    *,
    actor: Actor | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry to the log of the current schema about what changed nothing that visitors see.

    ``actor`` is the account that acted or a word for who it was; ``target`` is None where nothing
    was touched (somebody was refused). ``details`` must not hold what residents wrote: raises
    ValueError for a key that is the name of one of the target's personal or secret fields.
    """
    _check_details(target, details or {})
    return Entry.objects.create(
        actor=SYSTEM if actor is None else name_of(actor),
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=details or {},
    )


def _check_details(target: models.Model | None, details: dict[str, Any]) -> None:
    known = declared(target._meta.concrete_model) if target is not None else None
    if known is None:
        return
    revealed = details.keys() & {*known.personal, *known.secrets}
    if revealed:
        raise ValueError(f"the log must not hold {', '.join(sorted(revealed))}")
