"""Heute: what this person can do now, the oldest first, each with its act."""

from typing import Any

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.conversations.elsewhere import replied
from directory.conversations.models import Conversation, EntryKind, Turn
from directory.desk.frame import desk_page, show
from directory.desk.letter import address
from directory.desk.today import ahead
from tenants.districts.requests import DistrictRequest
from wiq.actors import name_of
from wiq.admin.waiting import SHOWN, Pile, Task, age, oldest_first, pile_of, piles_for
from wiq.audit import names
from wiq.audit.models import Entry

# Who gave a conversation to whoever has it, as the log says.
LAST_ASSIGNED = Subquery(
    Entry.objects.filter(
        action="conversation.assigned",
        target_type=Conversation._meta.label_lower,
        target_id=Cast(OuterRef("pk"), CharField()),
    )
    .order_by("-pk")
    .values("actor")[:1]
)


@require_safe
@desk_page()
def heute(request: DistrictRequest) -> HttpResponse:
    """Show what there is to do."""
    user: Any = request.user
    piles = piles_for(request)
    if user.has_perm("conversations.view_conversation"):
        piles = [pile for pile in (_mine(user), _replies(request)) if pile.count] + piles
    context = ahead(request) | {
        "nav": "today",
        "piles": oldest_first([pile for pile in piles if pile.count]),
        "empty": [pile for pile in piles if not pile.count],
    }
    return show(request, "desk/today.html", context)


def _mine(user: Any) -> Pile:
    """What this person has taken or was handed, and is to go on with; it says who handed it."""
    rows = Conversation.objects.filter(assignee=user.pk, turn=Turn.OURS, joined_to=None)
    rows = rows.annotate(handed_by=LAST_ASSIGNED).order_by("since", "pk")
    handed: dict[str, str] = {}

    def task(found: Any) -> Task:
        handed[address(found)] = found.handed_by or ""
        return _task(found)

    url = reverse("desk_inbox") + "?sicht=meine"
    pile = pile_of(_("Für mich"), rows, task, url=url, act=_("Antworten"))
    others = {who for who in handed.values() if who and who != name_of(user)}
    known = names.of_accounts(others).accounts if others else {}
    for one in pile.tasks:
        who = handed[one.url]
        if who in others and "@" in who:
            who = known.get(who, who)
            one.detail = _("%s hat das an Sie gegeben.") % who + f" {one.detail}"
    return pile


def _replies(request: DistrictRequest) -> Pile:
    """Replies of residents and authorities that nobody, or another, has in charge."""
    others = [found for found in replied(request) if found.assignee != request.user.pk]
    tasks = [_task(found) for found in others[:SHOWN]]
    url = reverse("desk_inbox") + "?sicht=wir"
    return Pile(_("Neue Antworten"), len(others), url, tasks, act=_("Lesen"))


def _task(found: Conversation) -> Task:
    words = f"{age(found.since)} · {found.title}"
    if getattr(found, "last", "") == EntryKind.NOTE:
        words = _("Antwort der Behörde") + f", {words}"
    return Task(found.name or found.reference, words, address(found), found.since)
