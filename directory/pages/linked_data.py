"""Structured data about a district for search engines (schema.org, JSON-LD)."""

from typing import Any

from django.urls import reverse

from tenants.districts.models import District
from wiq.web.hosts import absolute, origin
from wiq.web.linked_data import CONTEXT, without_gaps


def of_district(district: District) -> dict[str, Any]:
    """Return the district as an organisation (https://schema.org/Organization)."""
    picture = reverse("district_picture", args=["logo"]) if district.logo else ""
    operator = district.operator
    parent = operator and {"@type": "Organization", "name": operator.legal_name}
    return without_gaps({
        "@context": CONTEXT, "@type": "Organization", "@id": f"{origin(district.host)}/#wiq",
        "name": f"Wir im Quartier – {district.name}", "url": district.url,
        "description": district.intro, "areaServed": f"{district.name}, {district.city}",
        "foundingDate": str(district.since) if district.since else "",
        "telephone": district.phone_link if district.phone else "",
        "logo": absolute(picture) if picture else "", "parentOrganization": parent,
    })  # fmt: skip
