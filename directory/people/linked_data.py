"""Structured data about people for search engines (schema.org, JSON-LD).

It names people only with a separate consent: to be shown on a page is one thing, to be found by
name all over the world another.
"""

from typing import Any

from django.urls import reverse

from directory.people.models import Team
from wiq.web.hosts import absolute
from wiq.web.linked_data import CONTEXT, without_gaps


def of_team(team: Team) -> list[dict[str, Any]]:
    """Return the shown people of a team who agreed to be found by search engines."""
    url = absolute(reverse("people:team", args=[team.slug]))
    found = [part.person for part in team.shown_memberships if part.findable]
    return [
        without_gaps({
            "@context": CONTEXT, "@type": "Person", "name": person.name, "url": f"{url}#{person.slug}",
            "description": person.about, "memberOf": {"@type": "Organization", "name": team.name},
        })
        for person in found
    ]  # fmt: skip
