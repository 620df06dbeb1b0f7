"""What Heute lists under an account's own name or among the replies, and so nowhere else."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from directory.conversations.models import Conversation, Turn


def listed_elsewhere(request: HttpRequest, model: type[models.Model]) -> Q:
    """Return the condition that a row of this model is an account's own, or was replied to."""
    user: Any = request.user
    about = {"about_type": model._meta.label_lower, "about_id": OuterRef("pk")}
    own = Conversation.objects.filter(**about, turn=Turn.OURS, assignee=user.pk)
    # Two conditions, so that each is found by its own index.
    return Q(Exists(own)) | Q(Exists(Conversation.objects.replied().filter(**about)))
