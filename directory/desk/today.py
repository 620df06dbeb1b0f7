"""The first page of the desk: how far a new district is on its way."""

from typing import Any

from directory.desk import guide
from directory.desk.progress import ON_ITS_WAY, progress, taken_off
from tenants.districts.requests import DistrictRequest


def ahead(request: DistrictRequest) -> dict[str, Any]:
    """Return, before the pages are public, that they are not and how far they are.

    What comes next is for those who can go on with it.
    """
    user: Any = request.user
    district = guide.fresh(request.tenant)
    context: dict[str, Any] = {**taken_off(district)}
    if district.state in ON_ITS_WAY:
        context["not_public"] = district
        if user.has_perm("accounts.view_invitation"):
            context["progress"] = progress(district)
    return context
