"""Writing many topics and words at once, as a new district gets them."""

from collections.abc import Sequence

from django.db import transaction

from directory.people import short_names
from directory.solutions.models import Synonyms, Topic
from directory.solutions.services import give_sort_key
from wiq.actors import Actor
from wiq.audit import records


@transaction.atomic
def create_topics(topics: Sequence[Topic], *, actor: Actor) -> None:
    """Create topics of which no solution team speaks yet. Raises ValidationError."""
    short_names.check_free(Topic, [topic.slug for topic in topics])
    for topic in topics:
        give_sort_key(topic)
    records.save_new(topics, actor=actor)


def create_synonyms(rows: Sequence[Synonyms], *, actor: Actor) -> None:
    """Create rows of words that mean the same, each with its slug. Raises ValidationError."""
    records.save_new(rows, actor=actor)
