"""The desk's pages of words and links: everything there is, and help."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from directory.conversations import absences
from directory.desk.frame import desk_page, show
from directory.desk.several import CHANGES
from tenants.districts.requests import DistrictRequest
from wiq.accounts import services as accounts
from wiq.admin import helping
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
    user: Any = request.user
    may_answer = user.has_perm(CHANGES)
    context = {
        "nav": "everything",
        "groups": groups,
        "room": quota.use_in_words(),
        "may_answer": may_answer,
        "away_until": absences.until(user) if may_answer else None,
    }
    return show(request, "desk/everything.html", context)


def _is_shown(item: dict[str, Any], request: DistrictRequest) -> bool:
    return bool(item["permission"](request)) if "permission" in item else True


@require_safe
@desk_page()
def help_page(request: DistrictRequest) -> HttpResponse:
    """List the helps that this account may need."""
    user: Any = request.user
    listed = [
        one for one in helping.in_order() if not one.permission or user.has_perm(one.permission)
    ]
    return show(request, "desk/help.html", {"nav": "help", "listed": listed})


@require_safe
@desk_page()
def help_about(request: DistrictRequest, key: str) -> HttpResponse:
    """Explain one page of the desk, in two sentences and how."""
    found = helping.help_of(key)
    if found is None:
        raise Http404
    return show(request, "desk/help_about.html", {"nav": "help", "found": found})


@require_POST
@desk_page()
def keys(request: HttpRequest) -> HttpResponse:
    """Switch the single keys on or off for whoever asks (WCAG 2.2, 2.1.4)."""
    user: Any = request.user
    accounts.set_keys(user, is_on=request.POST.get("an") == "1")
    return HttpResponseRedirect(f"{reverse('desk_help')}#tasten")
