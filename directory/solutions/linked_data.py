"""Structured data about a solution team for search engines (schema.org, JSON-LD)."""

from typing import Any

from django.urls import reverse

from directory.solutions.models import SolutionTeam
from tenants.districts.models import District
from wiq.web.hosts import absolute, origin
from wiq.web.linked_data import CONTEXT, without_gaps


def of_solution_team(team: SolutionTeam, district: District) -> dict[str, Any]:
    """Return a solution team as a project (https://schema.org/Project)."""
    topics = [topic["name"] for topic in getattr(team, "topic_list", [])]
    return without_gaps({
        "@context": CONTEXT, "@type": "Project", "name": team.name,
        "url": absolute(reverse("solutions:team", args=[team.slug])),
        "description": team.challenge or team.approach, "keywords": ", ".join(topics),
        "parentOrganization": {"@id": f"{origin(district.host)}/#wiq"},
    })  # fmt: skip
