"""The inbox: everything that residents sent, requests and ideas alike."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from directory.conversations import services, writing
from directory.conversations.models import Conversation
from directory.conversations.sorts import Sort, known_sort
from directory.desk import tables
from directory.desk.frame import desk_page, show
from directory.desk.inbox_list import A_PAGE, Inbox
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account

SEES, CHANGES = "conversations.view_conversation", "conversations.change_conversation"
# An older version that still runs beside this one for minutes opens no conversations.
LATELY = timedelta(hours=6)


def names_of(colleagues: list[Any]) -> dict[int, str]:
    """Return the names of accounts by their numbers."""
    return {account.pk: str(account) for account in colleagues}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=SEES)
def inbox(request: DistrictRequest) -> HttpResponse:
    """Show a view of the inbox, and do something with several lines at once."""
    if request.method == "POST":
        return _with_several(request)
    writing.catch_up(since=timezone.now() - LATELY)
    colleagues = services.colleagues()
    asked = Inbox(request, names_of(colleagues))
    page = asked.page
    context = {
        "nav": "inbox",
        "help": "posteingang",
        "inbox": asked,
        "lines": asked.lines(),
        "page": page,
        "tabs": asked.tabs(),
        "colleagues": colleagues,
        "sorts": writing.sorts_in_order(),
        "chosen_sorts": [sort.name for sort in asked.sorts],
        "older": asked.query(seite=page.next_page_number()) if page.has_next() else "",
        "newer": asked.query(seite=page.previous_page_number()) if page.has_previous() else "",
        "here": asked.query(seite=page.number),
        "a_page": A_PAGE,
    }
    return show(request, "desk/inbox.html", context)


def _take(sort: Sort, submission: Any, actor: Any) -> None:
    sort.assign(submission, to=actor, actor=actor)


def _close(sort: Sort, submission: Any, actor: Any) -> None:
    sort.move(submission, sort.closes, actor=actor)


def _suspect(sort: Sort, submission: Any, actor: Any) -> None:
    sort.move(submission, "spam", actor=actor)


ACTS: dict[str, Callable[[Sort, Any, Any], None]] = {
    "nehmen": _take,
    "erledigt": _close,
    "verdaechtig": _suspect,
}


def _with_several(request: HttpRequest) -> HttpResponse:
    """Do one thing with all chosen lines; say how many there were, and which would not."""
    user: Any = request.user
    act = ACTS.get(request.POST.get("was", ""))
    numbers = [one for one in request.POST.getlist("wahl") if one.isascii() and one.isdecimal()]
    chosen = Conversation.objects.filter(pk__in=numbers[:A_PAGE])
    back = HttpResponseRedirect(_back(request))
    if not user.has_perm(CHANGES) or act is None:
        return back
    done, refused = 0, []
    for conversation in chosen.order_by("pk"):
        submission = writing.submission_of(conversation)
        try:
            if submission is not None:
                act(known_sort(conversation), submission, account(request))
                done += 1
        except ValidationError as error:
            refused.append(f"{conversation.reference}: {' '.join(error.messages)}")
    if not numbers:
        messages.error(request, _("Bitte wählen Sie zuerst etwas aus."))
    else:
        messages.success(request, ngettext("%d erledigt.", "%d erledigt.", done) % done)
    for words in refused:
        messages.error(request, words)
    return back


def _back(request: HttpRequest) -> str:
    """Return the view that the lines stood in; only ever a query of the inbox itself."""
    query = request.POST.get("zurueck", "")
    return reverse("desk_inbox") + (query if query.startswith("?") and query.isprintable() else "")


@require_safe
@desk_page(permission=SEES)
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand out what the inbox shows, all pages of it, as CSV or XLSX."""
    if kind not in tables.KINDS:
        raise Http404
    asked = Inbox(request, names_of(services.colleagues()))
    return tables.response(kind, (asked.line(row) for row in asked.rows().iterator()))
