"""Pages behind links that residents get by mail: each asks, and a button answers."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from directory.conversations import helped
from wiq.submissions.models import Submission
from wiq.submissions.pages import told_to_wait
from wiq.throttling import seconds_to_wait


class Asks(Protocol):
    """What a room does with a yes and with a no to "Hat das geholfen?"."""

    def may_say(self, submission: Any, /) -> bool: ...
    def it_helped(self, submission: Any, /) -> object: ...
    def it_did_not_help(self, submission: Any, /, *, text: str) -> object: ...


def helped_page(
    request: HttpRequest, template: str, room: Asks, find: Callable[[], Submission]
) -> HttpResponse:
    """Ask whether an answer helped, and keep what the button says."""
    found = find()
    acts: dict[str, Callable[[str], object]] = {
        "ja": lambda typed: room.it_helped(found),
        "nein": lambda typed: room.it_did_not_help(found, text=typed),
    }

    def shown() -> Mapping[str, Any]:
        now = find()
        return {"submission": now, "said": helped.said(now), "may_say": room.may_say(now)}

    return asking_page(request, template, acts, shown)


def asking_page(
    request: HttpRequest,
    template: str,
    acts: Mapping[str, Callable[[str], object]],
    shown: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """Show what a link asks; a button does one of its acts, and the page says what came of it."""
    act = acts.get(request.POST.get("was", "")) if request.method == "POST" else None
    if act is None:
        return render(request, template, {**shown()})
    typed = request.POST.get("antwort", "")
    wait = seconds_to_wait(request)
    if wait is not None:
        page = {**shown(), "wait": wait, "typed": typed}
        return told_to_wait(render(request, template, page, status=429), wait)
    try:
        act(typed)
    except ValidationError as error:
        page = {**shown(), "error": error.messages[0], "typed": typed}
        return render(request, template, page, status=422)
    return render(request, template, {**shown(), "pressed": True})
