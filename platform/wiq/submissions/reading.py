"""Who has read what residents sent: noted once a day for each reader and each of them."""

from django.core.cache import cache
from django.utils import timezone

from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.submissions.models import Submission

DAY = 86_400


def note(submission: Submission, *, actor: Actor) -> bool:
    """Note in the log that somebody has read one; tell whether it was for the first time today.

    While Valkey is away, each reading is noted.
    """
    label, today = submission._meta.label_lower, timezone.localdate()
    key = f"submissions.read.{label}.{submission.pk}.{name_of(actor)}.{today}"
    if cache.get(key):
        return False
    audit.record_event(f"{submission._meta.model_name}.read", submission, actor=actor)
    cache.set(key, 1, timeout=DAY)
    return True
