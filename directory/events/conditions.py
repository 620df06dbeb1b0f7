"""What several questions about events and dates ask the database in the same words."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.models import Topic


def of_shown_owner(prefix: str = "") -> Q:
    """Return the condition that everybody may see the team that an event belongs to."""
    team, solution_team = f"{prefix}team", f"{prefix}solution_team"
    shown = Q(**{f"{team}__isnull": True}) | Q(**{f"{team}__is_published": True})
    public = Q(**{f"{solution_team}__isnull": True}) | Q(
        **{f"{solution_team}__state__in": PUBLIC_STATES}
    )
    return shown & public


def tagged(topics: Collection[str]) -> QuerySet[Any, Any]:
    """Return the keys of the solution teams with one of these topics (slugs)."""
    rows = Topic.solution_teams.through.objects.filter(topic__slug__in=topics)
    return rows.values("solutionteam_id")
