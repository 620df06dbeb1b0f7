"""The one way to fetch an idea for somebody."""

from django.http import Http404

from directory.ideas.models import Idea, IdeaState


def for_bringer(token: str) -> Idea:
    """Return the idea whose status page has this secret address."""
    found: Idea | None = (
        Idea.objects.exclude(state=IdeaState.SPAM)
        .filter(token=token)
        .select_related("solution_team")
        .first()
    )
    if found is None:
        raise Http404
    return found
