"""What Heute lists under an account's own name or among the replies, and so nowhere else."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from directory.conversations.models import Conversation, Turn

KNOWN = "replied_conversations"


def replied(request: HttpRequest) -> list[Conversation]:
    """Return the conversations that residents answered, the oldest first; read once a request."""
    known: list[Conversation] | None = vars(request).get(KNOWN)
    if known is None:
        found = Conversation.objects.replied().defer("search_key", "search_vector")
        known = vars(request)[KNOWN] = list(found.order_by("since", "pk"))
    return known


def listed_elsewhere(request: HttpRequest, model: type[models.Model]) -> list[int]:
    """Return the numbers of this model's rows that are an account's own, or replies."""
    user: Any = request.user
    kind = model._meta.label_lower
    own = Conversation.objects.filter(about_type=kind, turn=Turn.OURS, assignee=user.pk)
    replies = [found.about_id for found in replied(request) if found.about_type == kind]
    return [*own.values_list("about_id", flat=True), *replies]
