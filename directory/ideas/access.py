"""The one way to fetch an idea for somebody."""

from django.http import Http404

from directory.ideas.models import Idea


def for_bringer(token: str) -> Idea:
    """Return the idea whose status page has this secret address."""
    found: Idea | None = (
        Idea.objects.filter(is_spam=False, token=token).select_related("solution_team").first()
    )
    if found is None:
        raise Http404
    return found
