"""What Heute lists under an account's own name or among the replies, and so nowhere else."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from directory.conversations.models import Conversation, Turn


def listed_elsewhere(request: HttpRequest, model: type[models.Model]) -> Exists:
    """Return the condition that a row of this model is an account's own, or was replied to."""
    user: Any = request.user
    found = Conversation.objects.filter(
        about_type=model._meta.label_lower, about_id=OuterRef("pk"), turn=Turn.OURS
    )
    return Exists(found.filter(Q(assignee=user.pk) | Q(replied=True, joined_to=None)))
