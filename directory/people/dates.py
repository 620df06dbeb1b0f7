"""The current date in a district, and the memberships that are active on it."""

from datetime import date

from django.db.models import Q
from django.utils import timezone


def today() -> date:
    """Return the date in the district, not in UTC."""
    return timezone.localdate()


def active(prefix: str = "") -> Q:
    """Return the condition that a membership has begun and not ended."""
    since, until = f"{prefix}since", f"{prefix}until"
    begun = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": today()})
    going_on = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": today()})
    return begun & going_on
