"""Doing one thing with several lines of the inbox, after a question that names them all.

Each line goes the way that it would go alone: the same service, its own transaction. What one
refuses is said with its number, and stops none of the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from directory.conversations import services, writing
from directory.conversations.models import Conversation
from directory.conversations.sorts import Sort, known_sort
from directory.desk.frame import show
from directory.desk.inbox_list import A_PAGE
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.typed import row_number

CHANGES = "conversations.change_conversation"


@dataclass(frozen=True)
class Act:
    """What can be done with several: how it asks, what it does, and how it says so."""

    button: str | Promise
    question: Any
    done: Any
    # Takes the sort, the submission, who acts, and whom it is given to.
    do: Callable[[Sort, Any, Any, Any], Any]
    is_to_somebody: bool = False


def _close(sort: Sort, submission: Any, actor: Any) -> None:
    """Close what needs no word. Raises ValidationError for what is decided with a reason."""
    if not sort.closes:
        raise ValidationError(
            _("Über eine Idee entscheiden Sie einzeln. Öffnen Sie sie dafür bitte.")
        )
    sort.move(submission, sort.closes, actor=actor)


ACTS = {
    "nehmen": Act(
        gettext_lazy("Ich kümmere mich"),
        ngettext_lazy("Möchten Sie sich darum kümmern?", "Möchten Sie sich um diese %d kümmern?"),
        ngettext_lazy("Sie kümmern sich jetzt um %d.", "Sie kümmern sich jetzt um %d."),
        lambda sort, one, actor, to: sort.assign(one, to=actor, actor=actor),
    ),
    "geben": Act(
        gettext_lazy("Weitergeben"),
        ngettext_lazy("Möchten Sie das weitergeben?", "Möchten Sie diese %d weitergeben?"),
        ngettext_lazy("%d weitergegeben.", "%d weitergegeben."),
        lambda sort, one, actor, to: sort.assign(one, to=to, actor=actor),
        is_to_somebody=True,
    ),
    "erledigt": Act(
        gettext_lazy("Erledigt"),
        ngettext_lazy("Ist das erledigt?", "Sind diese %d erledigt?"),
        ngettext_lazy("%d liegt jetzt bei „Erledigt“.", "%d liegen jetzt bei „Erledigt“."),
        lambda sort, one, actor, to: _close(sort, one, actor),
    ),
    "verdaechtig": Act(
        gettext_lazy("Als Spam ablegen"),
        ngettext_lazy("Ist das Spam?", "Sind diese %d Spam?"),
        ngettext_lazy("%d liegt jetzt bei „Verdächtig“.", "%d liegen jetzt bei „Verdächtig“."),
        lambda sort, one, actor, to: sort.move(one, "spam", actor=actor),
    ),
}  # fmt: skip


def with_several(request: DistrictRequest) -> HttpResponse:
    """Ask about the chosen lines, or do what was asked; say of each that refused why."""
    user: Any = request.user
    name = request.POST.get("was", "")
    act, chosen = ACTS.get(name), _chosen(request)
    back = HttpResponseRedirect(_back(request))
    if act is None or not user.has_perm(CHANGES):
        return back
    if not chosen:
        messages.error(request, _("Bitte wählen Sie zuerst etwas aus."))
        return back
    colleagues = services.colleagues() if act.is_to_somebody else []
    to = next((one for one in colleagues if str(one.pk) == request.POST.get("an")), None)
    if request.POST.get("sicher") and (to is not None or not act.is_to_somebody):
        _do(request, act, chosen, to)
        return back
    context = {
        "nav": "inbox", "act": act, "name": name, "chosen": chosen,
        "question": act.question % len(chosen),
        "colleagues": [one for one in colleagues if one.pk != user.pk],
        "back": request.POST.get("zurueck", ""), "back_url": _back(request),
    }  # fmt: skip
    return show(request, "desk/several.html", context)


def _chosen(request: HttpRequest) -> list[Conversation]:
    numbers = [row_number(one) for one in request.POST.getlist("wahl")[:A_PAGE]]
    rows = Conversation.objects.filter(joined_to=None, pk__in=numbers)
    return list(rows.order_by("pk"))


def _do(request: HttpRequest, act: Act, chosen: list[Conversation], to: Any) -> None:
    done, refused = 0, []
    for conversation in chosen:
        submission = writing.submission_of(conversation)
        if submission is None:
            continue
        try:
            act.do(known_sort(conversation), submission, account(request), to)
            done += 1
        except ValidationError as error:
            refused.append(f"{conversation.reference}: {' '.join(error.messages)}")
    if done:
        messages.success(request, act.done % done)
    if refused:
        count = len(refused)
        words = ngettext("%d ging nicht:", "%d gingen nicht:", count) % count
        messages.error(request, words)
    for reason in refused:
        messages.error(request, reason)


def _back(request: HttpRequest) -> str:
    """Return the view that the lines stood in; only ever a query of the inbox itself."""
    query = request.POST.get("zurueck", "")
    return reverse("desk_inbox") + (query if query.startswith("?") and query.isprintable() else "")
