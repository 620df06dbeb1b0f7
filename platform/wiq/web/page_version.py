"""Which state of a schema a public page shows: renewed by every audited write.

Lives in Valkey, where every web process and worker sees it. It is random, so that a Valkey that
lost its memory can't bring an old one back by counting.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

# All districts' data and hosts (tenants.districts.lookup).
GENERATION = "generation"


@dataclass(frozen=True)
class Version:
    """What a page was made from: hosts and districts, the schema's content, and the day."""

    schema: str
    generation: str
    content: str
    day: date


def _content(schema: str) -> str:
    return f"pages:{schema}"


def current(schema: str) -> Version | None:
    """Return the version of a schema's pages now; None where Valkey is away or was emptied."""
    key = _content(schema)
    known = caches["platform"].get_many([GENERATION, key])
    if GENERATION not in known or key not in known:
        return None
    return Version(schema, known[GENERATION], known[key], timezone.localdate())


def current_or_new(schema: str) -> Version | None:
    """Return the version now, beginning one where there is none yet."""
    found = current(schema)
    if found is None:
        caches["platform"].add(GENERATION, uuid.uuid4().hex, None)
        caches["platform"].add(_content(schema), uuid.uuid4().hex, None)
        found = current(schema)
    return found


def renew(schema: str) -> None:
    """Make every page of a schema be made anew."""
    caches["platform"].set(_content(schema), uuid.uuid4().hex, None)


def renew_after_commit(schema: str) -> None:
    """Renew a schema's pages once the transaction at hand is committed, not before."""
    transaction.on_commit(partial(renew, schema))
