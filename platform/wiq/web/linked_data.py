"""What search engines may know of a page (schema.org, JSON-LD)."""

from typing import Any

CONTEXT = "https://schema.org"


def without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is known: a property without a value says nothing."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}
