"""Writing the audit log, in the same transaction as the recorded write.

A change is a write, an event is none that visitors could see (docs/decisions/0026-pages-renew.md).
"""

from collections.abc import Sequence
from typing import Any

from django.db import models

from wiq.actors import Actor, name_of
from wiq.audit.models import Entry
from wiq.declared import declared, visitors_see
from wiq.page_cache.version import renew_after_commit
from wiq.tenancy import PUBLIC, connection

SYSTEM = "system"
VISITOR = "visitor"
# Somebody who used a link in a mail. Their address would outlive its erasure in this log.
MAIL_LINK = "mail-link"


# A district's coordinator in the platform's log: the address itself stays in the district.
COORDINATION = "coordination"


def for_platform(actor: Actor) -> Actor:
    """Return how the platform's log may name the actor."""
    if connection.schema_name == PUBLIC:
        return actor
    # Whoever visits is of the project team: the platform's log may say who.
    return name_of(actor) if getattr(actor, "is_visit", False) else COORDINATION


def record_change(
    action: str,
    target: models.Model | None,
    *,
    actor: Actor | None = None,
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry about a write to the log; renew public pages if visitors can see it.

    The target's model says whether they can (``Data.visitors_see``). Without that, or without
    a target, pages are renewed. Takes the same arguments as ``record_event``.
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
    """Add an entry to the current schema's log about something that visitors can't see.

    ``actor`` is an account or a word for who acted; ``target`` is None if no object is concerned
    (a refusal, for instance). ``details`` must not hold what residents wrote: raises ValueError
    for a key that is the name of one of the target's personal or secret fields.
    """
    entry = _entry(action, target, actor=actor, details=details or {})
    entry.save(force_insert=True)
    return entry


def record_new(targets: Sequence[models.Model], *, actor: Actor | None = None) -> None:
    """Add an entry about each of many new objects, as ``record_change`` does for one."""
    if any(visitors_see(target) for target in targets):
        renew_after_commit(connection.schema_name)
    Entry.objects.bulk_create(
        _entry(f"{target._meta.model_name}.created", target, actor=actor, details={})
        for target in targets
    )


def record_events(action: str, targets: Sequence[models.Model], *, actor: Actor) -> None:
    """Add an entry about each of many objects, as ``record_event`` does for one: one statement."""
    Entry.objects.bulk_create(_entry(action, target, actor=actor, details={}) for target in targets)


def _entry(
    action: str, target: models.Model | None, *, actor: Actor | None, details: dict[str, Any]
) -> Entry:
    _check_details(target, details)
    return Entry(
        actor=SYSTEM if actor is None else name_of(actor),
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=details,
    )


def _check_details(target: models.Model | None, details: dict[str, Any]) -> None:
    known = declared(target._meta.concrete_model) if target is not None else None
    if known is None:
        return
    revealed = details.keys() & {*known.personal, *known.secrets}
    if revealed:
        raise ValueError(f"the log must not hold {', '.join(sorted(revealed))}")
