"""A resident's rights: export or erase everything stored about one e-mail address.

Art. 15, 17 and 20 GDPR. Each room declares what it stores (wiq.subjects).
"""

from typing import Any

from django.db import transaction

from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.erasures import services as erasures
from wiq.subjects import erase_all, in_order


def collect(email: str, *, actor: Actor) -> dict[str, Any]:
    """Return everything that this district stores about an e-mail address, ready for JSON.

    The export is recorded, without the address itself.
    """
    found = {source.name: source.collect(email) for source in in_order()}
    counts = {name: len(rows) for name, rows in found.items()}
    audit.record_event("subject.access", None, actor=actor, details=counts)
    return found


@transaction.atomic
def erase(email: str, *, actor: Actor) -> dict[str, int]:
    """Erase at once what retention would erase later; return how much there was.

    The ledger keeps that it was asked for, so that no restored backup brings it back.
    """
    counts = erase_all(email, actor)
    erasures.note(erasures.ADDRESS, erasures.of_address(email))
    audit.record_event("subject.erased", None, actor=actor, details=counts)
    return counts


def titled(counts: dict[str, int]) -> list[tuple[Any, int]]:
    """Return what was erased, by its labels at the desk."""
    titles = {source.name: source.title for source in in_order()}
    return [(titles[name], count) for name, count in counts.items()]
