"""Heute: what this person can do now, the oldest first, each with its act."""

from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.conversations import last_word
from directory.conversations.models import Conversation, EntryKind, Turn
from directory.desk.frame import desk_page, show
from directory.desk.letter import address
from directory.desk.today import ahead
from tenants.districts.requests import DistrictRequest
from wiq.actors import name_of
from wiq.admin.waiting import Asked, Pile, Task, age, asked_for, gather, oldest_first, pile_of
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

# What a line shows of a conversation, and its address.
SHOWN_FIELDS = ("since", "title", "name", "reference", "about_type")


@require_safe
@desk_page()
def heute(request: DistrictRequest) -> HttpResponse:
    """Show what there is to do."""
    user: Any = request.user
    handed: dict[str, str] = {}
    asked = asked_for(request)
    if user.has_perm("conversations.view_conversation"):
        asked = [_mine(user, handed), _replies(user), *asked]
    piles = gather(asked)
    _say_who(user, piles, handed)
    context = ahead(request) | {
        "nav": "today",
        "piles": oldest_first([pile for pile in piles if pile.count]),
        "empty": [pile for pile in piles if not pile.count],
    }
    return show(request, "desk/today.html", context)


def _mine(user: Any, handed: dict[str, str]) -> Asked:
    """What this person has taken or was handed, and is to go on with; notes who handed what."""
    rows = Conversation.objects.filter(assignee=user.pk, turn=Turn.OURS, joined_to=None)
    rows = rows.annotate(handed_by=LAST_ASSIGNED).order_by("since", "pk")

    def task(found: Any) -> Task:
        handed[address(found)] = found.handed_by or ""
        return _task(found)

    return pile_of(
        _("Für mich"), rows, task, fields=(*SHOWN_FIELDS, "handed_by"),
        url=reverse("desk_inbox") + "?sicht=meine", act=_("Antworten"),
    )  # fmt: skip


def _say_who(user: Any, piles: list[Pile], handed: dict[str, str]) -> None:
    """Say of what a colleague handed over who did; ``handed`` has names by addresses."""
    others = {who for who in handed.values() if who and who != name_of(user)}
    known = names.of_accounts(others).accounts if others else {}
    mine = [task for task in piles[0].tasks if task.url in handed] if others else []
    for task in mine:
        who = handed[task.url]
        if who in others and "@" in who:
            who = known.get(who, who)
            task.detail = _("%s hat das an Sie gegeben.") % who + f" {task.detail}"


def _replies(user: Any) -> Asked:
    """Replies of residents and authorities that nobody, or another, has in charge."""
    rows = Conversation.objects.replied().filter(~Q(assignee=user.pk) | Q(assignee=None))
    return pile_of(
        _("Neue Antworten"), rows.annotate(last=last_word.LAST).order_by("since", "pk"), _task,
        fields=(*SHOWN_FIELDS, "last"), url=reverse("desk_inbox") + "?sicht=wir", act=_("Lesen"),
    )  # fmt: skip


def _task(found: Conversation) -> Task:
    words = f"{age(found.since)} · {found.title}"
    if getattr(found, "last", "") == EntryKind.NOTE:
        words = _("Antwort der Behörde") + f", {words}"
    return Task(found.name or found.reference, words, address(found), found.since)
