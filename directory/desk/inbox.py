"""The inbox: everything that residents sent, requests and ideas alike."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from directory.conversations import services, writing
from directory.desk import tables
from directory.desk.frame import desk_page, show
from directory.desk.inbox_list import Inbox
from directory.desk.several import ACTS, with_several
from tenants.districts.requests import DistrictRequest
from wiq import spreadsheets
from wiq.admin.base import account
from wiq.audit import services as audit

SEES = "conversations.view_conversation"
# An older version that still runs beside this one for minutes opens no conversations.
LATELY = timedelta(hours=6)


def names_of(colleagues: Sequence[Any]) -> dict[int, str]:
    """Return the names of accounts by their numbers."""
    return {account.pk: str(account) for account in colleagues}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=SEES)
def inbox(request: DistrictRequest) -> HttpResponse:
    """Show a view of the inbox, or ask and do something with several lines at once."""
    if request.method == "POST":
        return with_several(request)
    writing.catch_up(since=timezone.now() - LATELY)
    colleagues = services.colleagues()
    asked = Inbox(request, names_of(colleagues))
    page = asked.page
    context = {
        "nav": "inbox",
        "inbox": asked,
        "lines": asked.lines(),
        "page": page,
        "tabs": asked.tabs(),
        "colleagues": colleagues,
        "sorts": writing.sorts_in_order(),
        "chosen_sorts": [sort.name for sort in asked.sorts],
        "older": asked.query(seite=page.number + 1) if page.has_next else "",
        "newer": asked.query(seite=page.number - 1) if page.has_previous else "",
        "here": asked.query(seite=page.number),
        "acts": [(name, act.button) for name, act in ACTS.items()],
    }
    return show(request, "desk/inbox.html", context)


@require_safe
@desk_page(permission=SEES)
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand out what the inbox shows, all pages of it, as CSV or XLSX."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    asked = Inbox(request, names_of(services.colleagues()))
    lines = [asked.line(row) for row in asked.rows()]
    details = {"format": kind, "count": len(lines)}
    audit.record_event("inbox.exported", None, actor=account(request), details=details)
    return tables.response(kind, lines)
