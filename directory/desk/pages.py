"""The desk's pages of words and links: everything there is, and help."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from directory.desk.frame import desk_page, show
from tenants.districts.requests import DistrictRequest
from wiq.admin.menu import desk
from wiq.media import quota


@require_safe
@desk_page()
def everything(request: DistrictRequest) -> HttpResponse:
    """Show all pages of the desk that this account may open."""
    groups: list[dict[str, Any]] = []
    for group in desk(request):
        items = [item for item in group["items"] if _is_shown(item, request)]
        if items:
            groups.append({"title": group["title"], "entries": items})
    context = {"nav": "everything", "groups": groups, "room": quota.use_in_words()}
    return show(request, "desk/everything.html", context)


def _is_shown(item: dict[str, Any], request: DistrictRequest) -> bool:
    return bool(item["permission"](request)) if "permission" in item else True


@require_safe
@desk_page()
def help_page(request: DistrictRequest) -> HttpResponse:
    """Explain the desk's pages, each in two sentences and how."""
    return show(request, "desk/help.html", {"nav": "help"})
