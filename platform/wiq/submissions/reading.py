"""Who has read what residents sent: noted once a day for each reader and each of them."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.page_cache import plain
from wiq.submissions.models import Submission
from wiq.tenancy import connection

DAY = 86_400


def note(submission: Submission, *, actor: Actor) -> bool:
    """Note in the log that somebody has read one; tell whether it was for the first time today.

    While Valkey is away, each reading is noted.
    """
    return note_all([submission], actor=actor) == 1


def note_all(submissions: Sequence[Submission], *, actor: Actor) -> int:
    """Note the same of many of one kind, in one statement; return how many were not read today."""
    # With their schema: after the commit it may be another one's turn.
    who, today = name_of(actor), timezone.localdate()
    keys = {
        f"submissions.read.{connection.schema_name}.{one._meta.label_lower}.{one.pk}.{who}.{today}": one
        for one in submissions
    }
    known = plain.read(list(keys)) if keys else []
    new = [key for key, found in zip(keys, known, strict=True) if found is None]
    if new:
        action = f"{submissions[0]._meta.model_name}.read"
        audit.record_events(action, [keys[key] for key in new], actor=actor)
    # What is rolled back was not noted, so the next reading is.
    transaction.on_commit(partial(_remember, new))
    return len(new)


def _remember(keys: list[str]) -> None:
    for key in keys:
        plain.write(key, "1", DAY)
