"""Structured data for search engines (schema.org, JSON-LD)."""

from typing import Any

CONTEXT = "https://schema.org"


def without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data without its empty properties."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}
