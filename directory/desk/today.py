"""The first page of the desk: open tasks, the oldest first."""

from typing import Any

from django.http import HttpRequest

from wiq.admin.waiting import piles_for


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the user's open tasks to the first page of the desk (unfold's DASHBOARD_CALLBACK)."""
    piles = piles_for(request)
    context |= {"piles": piles, "all_done": not any(pile.count for pile in piles)}
    return context
