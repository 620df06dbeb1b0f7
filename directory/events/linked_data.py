"""Structured data about dates for search engines (schema.org, JSON-LD)."""

from collections.abc import Iterable
from typing import Any

from directory.events import clock
from directory.events.models import Occurrence
from tenants.districts.models import District
from wiq.web.hosts import on_district, origin
from wiq.web.linked_data import CONTEXT, without_gaps
from wiq.web.templatetags.wiq_text import said


def of_dates(rows: Iterable[Occurrence], district: District) -> list[dict[str, Any]]:
    """Return each date as an event of its own (https://schema.org/Event)."""
    return [_of_date(row, district) for row in rows]


def _of_date(row: Occurrence, district: District) -> dict[str, Any]:
    event, ends = row.event, row.ends_at
    planned = clock.instant(row.original_day, event.time)
    state = "Cancelled" if row.is_cancelled else "Rescheduled" if row.is_moved else "Scheduled"
    wiq = {"@id": f"{origin(district.host)}/#wiq"}
    owner = event.owner
    return without_gaps({
        "@context": CONTEXT, "@type": "Event", "name": said(event, "title").text,
        "url": on_district("events:event", event.pk),
        "startDate": row.starts_at.isoformat(), "endDate": ends.isoformat() if ends else None,
        "previousStartDate": planned.isoformat() if row.is_moved else None,
        "eventStatus": f"{CONTEXT}/Event{state}",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place", "name": row.where or district.name,
            "address": {"@type": "PostalAddress", "addressLocality": district.city,
                        "addressCountry": "DE"},
        },
        "description": said(event, "text").text,
        "organizer": {"@type": "Organization", "name": owner.name} if owner else wiq,
    })  # fmt: skip
