"""Heute: what this person can do now, the oldest first, each with its act."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.conversations.models import Conversation, EntryKind, Turn
from directory.desk.frame import desk_page, show
from directory.desk.letter import address
from directory.desk.today import ahead
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import SHOWN, Pile, Task, age, piles_for


@require_safe
@desk_page()
def heute(request: DistrictRequest) -> HttpResponse:
    """Show what there is to do."""
    user: Any = request.user
    piles = piles_for(request)
    if user.has_perm("conversations.view_conversation"):
        piles = [pile for pile in (_mine(user), _replies(user)) if pile.count] + piles
    context = ahead(request) | {
        "nav": "today",
        "help": "heute",
        "piles": [pile for pile in piles if pile.count],
        "empty": [pile for pile in piles if not pile.count],
    }
    return show(request, "desk/today.html", context)


def _tasks(rows: Any) -> list[Task]:
    return [
        Task(
            found.name or found.reference,
            f"{age(found.since)} · {found.title}",
            address(found),
        )
        for found in rows[:SHOWN]
    ]


def _mine(user: Any) -> Pile:
    """What this person has taken or was handed, and is to go on with."""
    rows = Conversation.objects.filter(assignee=user.pk, turn=Turn.OURS, joined_to=None)
    url = reverse("desk_inbox") + "?sicht=meine"
    return Pile(_("Für mich"), rows.count(), url, _tasks(rows), act=_("Antworten"))


def _replies(user: Any) -> Pile:
    """Replies of residents that nobody, or another, has in charge: somebody has answered once."""
    answered = Conversation.objects.filter(entries__kind=EntryKind.ANSWER).values("pk")
    rows = Conversation.objects.filter(pk__in=answered, turn=Turn.OURS, joined_to=None)
    rows = rows.exclude(assignee=user.pk)
    url = reverse("desk_inbox") + "?sicht=wir"
    return Pile(_("Neue Antworten von Personen"), rows.count(), url, _tasks(rows), act=_("Lesen"))
