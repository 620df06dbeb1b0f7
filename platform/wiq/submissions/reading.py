"""Who has read what residents sent: noted once a day for each reader and each of them."""

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
    label, today = submission._meta.label_lower, timezone.localdate()
    whose = f"{connection.schema_name}.{label}.{submission.pk}.{name_of(actor)}"
    # With its schema: after the commit it may be another one's turn.
    key = f"submissions.read.{whose}.{today}"
    if plain.read([key]) != [None]:
        return False
    audit.record_event(f"{submission._meta.model_name}.read", submission, actor=actor)
    # What is rolled back was not noted, so the next reading is.
    transaction.on_commit(partial(plain.write, key, "1", DAY))
    return True
