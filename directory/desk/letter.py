"""One request or idea as a letter: what was said, what happened, and what one can do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from directory.conversations import absences, services
from directory.conversations import reading as conversation_reading
from directory.conversations.models import Conversation, Draft
from directory.desk import letter_acts
from directory.desk.frame import desk_page, show
from directory.desk.inbox import SEES, names_of
from directory.desk.letter_content import Letter, letter_of, who_writes
from directory.desk.several import CHANGES
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.admin.waiting import change_url
from wiq.submissions import reading


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=SEES)
def letter(request: DistrictRequest, reference: str) -> HttpResponse:
    """Show a letter, and do one thing about it."""
    opened = letter_of(reference)
    if opened.conversation.joined_to is not None:
        return HttpResponseRedirect(address(opened.conversation.joined_to))
    reading.note(opened.submission, actor=account(request))
    if request.method != "POST":
        return _show(request, opened)
    user: Any = request.user
    act = letter_acts.ACTS.get(_pressed(request))
    if act is None or not user.has_perm(CHANGES):
        raise Http404
    try:
        told = act(opened, request.POST, account(request))
    except ValidationError as error:
        return _show(request, opened, error=" ".join(error.messages), status=422)
    if told.words:
        messages.success(request, str(told.words))
    return HttpResponseRedirect(told.url or address(opened.conversation))


def _pressed(request: HttpRequest) -> str:
    """Return which act a button stands for; one of several templates names itself."""
    return "vorlage" if "vorlage" in request.POST else request.POST.get("was", "")


def address(conversation: Conversation) -> str:
    """Return where a letter lies."""
    return reverse("desk_letter", args=[conversation.reference])


def _show(
    request: DistrictRequest, opened: Letter, *, error: str = "", status: int = 200
) -> HttpResponse:
    colleagues = services.colleagues()
    context = opened.context(request, colleagues)
    typed = request.POST.get("text", "") if error else ""
    was = _pressed(request)
    context |= {
        "nav": "inbox",
        "rare": change_url(opened.sort.admin, opened.submission.pk),
        "colleagues": [one for one in colleagues if one.away_until is None],
        "away": [absences.words(one, one.away_until) for one in colleagues if one.away_until],
        "error": error,
        "answer": typed if was in ("antworten", "vorlage") else context["answer"],
        "noted": typed if was == "notieren" else "",
        "called": typed if was == "anruf" else "",
        "decided": typed if was == "entscheiden" else "",
        "for_colleague": typed if was == "geben" else "",
        "was": was if error else "",
    }
    return show(request, "desk/letter.html", context, status=status)


@require_POST
@desk_page(permission=CHANGES)
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what somebody is typing, and return who else is at it; sent while they type."""
    opened, me = letter_of(reference), account(request)
    try:
        services.keep_draft(
            conversation=opened.conversation, text=request.POST.get("text", ""),
            actor=me,
        )  # fmt: skip
    except ValidationError:
        return HttpResponse(status=422)
    drafts = Draft.objects.filter(conversation=opened.conversation)
    newer = conversation_reading.answered_since(
        conversation=opened.conversation, entry=request.POST.get("gelesen", ""), actor=me
    )
    context = {
        "writing": who_writes(drafts, me.pk, names_of(services.colleagues())),
        "answered_by": newer,
    }
    return render(request, "desk/_writing.html", context)
