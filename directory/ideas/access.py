"""Fetching an idea for the person who may see it."""

from django.http import Http404

from directory.ideas.models import Idea, IdeaState


def by_number(idea_id: int) -> Idea:
    """Return the idea of a signed link."""
    found: Idea | None = Idea.objects.exclude(state=IdeaState.SPAM).filter(pk=idea_id).first()
    if found is None:
        raise Http404
    return found


def for_bringer(token: str) -> Idea:
    """Return the idea with this secret token."""
    found: Idea | None = (
        Idea.objects.exclude(state=IdeaState.SPAM)
        .filter(token=token)
        .select_related("solution_team")
        .first()
    )
    if found is None:
        raise Http404
    return found
