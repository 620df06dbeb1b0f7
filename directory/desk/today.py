"""The first page of the desk: how far a new district is, and open tasks, the oldest first."""

from typing import Any

from directory.desk import guide
from directory.desk.progress import ON_ITS_WAY, progress, taken_off
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import piles_for


def dashboard(request: DistrictRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the first page of the desk (unfold's DASHBOARD_CALLBACK).

    What the user has to do; and before the pages are public, that they are not, how far they are
    and what comes next, for those who can go on with it.
    """
    piles = piles_for(request)
    context |= {"piles": piles, "all_done": not any(pile.count for pile in piles)}
    user: Any = request.user
    district = guide.fresh(request.tenant)
    context |= taken_off(district)
    if district.state in ON_ITS_WAY:
        context["not_public"] = district
        if user.has_perm("accounts.view_invitation"):
            context["progress"] = progress(district)
    return context
