"""What the ideas room stores about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.ideas import services
from directory.ideas.models import Idea
from wiq.actors import Actor
from wiq.subjects import Source, all_handed_out, handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the ideas from an address, each with its history."""
    brought = Idea.objects.from_address(email).prefetch_related("steps")
    found = []
    for idea in brought:
        history = all_handed_out(idea.steps.all(), idea=None)
        found.append(handed_out(idea).along_with(history=history))
    return found


def erase(email: str, actor: Actor) -> int:
    """Erase its ideas, also undecided ones."""
    brought = Idea.objects.from_address(email).filter(anonymised_at__isnull=True)
    for idea in brought:
        services.anonymise(idea, actor=actor)
    return len(brought)


sources.register(Source(110, "ideas", _("Ideen"), ("ideas.idea",), collect, erase))
