"""What search engines may know of a district, a solution team or a person (schema.org, JSON-LD).

A person is named there only with a consent of its own: being on a page is one thing, being found
by name all over the world another.
"""

from typing import Any

from django.urls import reverse

from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tenants.districts.models import District
from wiq.web.hosts import absolute, origin

CONTEXT = "https://schema.org"


def _without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def of_district(district: District) -> dict[str, Any]:
    """Return the district as an organisation (https://schema.org/Organization)."""
    picture = reverse("district_picture", args=["logo"]) if district.logo else ""
    operator = district.operator
    parent = operator and {"@type": "Organization", "name": operator.legal_name}
    return _without_gaps({
        "@context": CONTEXT, "@type": "Organization", "@id": f"{origin(district.host)}/#wiq",
        "name": f"Wir im Quartier – {district.name}", "url": district.url,
        "description": district.intro, "areaServed": f"{district.name}, {district.city}",
        "foundingDate": str(district.since) if district.since else "",
        "telephone": district.phone_link if district.phone else "",
        "logo": absolute(picture) if picture else "", "parentOrganization": parent,
    })  # fmt: skip


def of_solution_team(team: SolutionTeam, district: District) -> dict[str, Any]:
    """Return a solution team as a project (https://schema.org/Project)."""
    topics = [topic["name"] for topic in getattr(team, "topic_list", [])]
    return _without_gaps({
        "@context": CONTEXT, "@type": "Project", "name": team.name,
        "url": absolute(reverse("solutions:team", args=[team.slug])),
        "description": team.challenge or team.approach, "keywords": ", ".join(topics),
        "parentOrganization": {"@id": f"{origin(district.host)}/#wiq"},
    })  # fmt: skip


def of_team(team: Team) -> list[dict[str, Any]]:
    """Return those of a team's shown people who agreed to be found by search engines."""
    url = absolute(reverse("people:team", args=[team.slug]))
    found = [part.person for part in team.shown_memberships if part.findable]  # type: ignore[attr-defined]
    return [
        _without_gaps({
            "@context": CONTEXT, "@type": "Person", "name": person.name, "url": f"{url}#{person.slug}",
            "description": person.about, "memberOf": {"@type": "Organization", "name": team.name},
        })
        for person in found
    ]  # fmt: skip
