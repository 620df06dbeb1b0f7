"""The page on which a solution team's contact answers "Stimmt das noch?"."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.contact import services as contact
from directory.solutions import access, mails, services
from directory.solutions.models import SolutionTeam
from wiq.submissions.models import Origin
from wiq.submissions.rules import check_answer
from wiq.submissions.services import Sent
from wiq.throttling import seconds_to_wait
from wiq.web.anonymous import from_this_site, private_page
from wiq.web.errors import error_response

CONFIRM = "pages/still_right.html"


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@mails.CONFIRM.opens
def confirm(request: HttpRequest, question: mails.Question) -> HttpResponse:
    """Ask the contact of a solution team whether its page is still right.

    Opening the link changes nothing, because mail scanners open links too.
    """
    team = access.named_by_link(question.team)
    if not mails.is_for(team, question):  # somebody else looks after the team now
        return error_response(request, 410)
    context: dict[str, Any] = {"team": team, "done": "", "message": "", "error": ""}
    if request.method != "POST":
        return render(request, CONFIRM, context)
    if request.POST.get("antwort") == "stimmt":
        services.confirm_by_link(team, question)
        return render(request, CONFIRM, context | {"done": "confirmed"})
    return _report(request, team, context)


def _report(request: HttpRequest, team: SolutionTeam, context: dict[str, Any]) -> HttpResponse:
    """Save the contact's changes; if the form has errors, keep the typed text."""
    context["message"] = request.POST.get("aenderung", "")
    wait = seconds_to_wait(request)
    if wait is not None:
        response = render(request, CONFIRM, context | {"wait": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response
    try:
        message = check_answer(context["message"])
    except ValidationError as error:
        context["error"] = error.messages[0]
        return render(request, CONFIRM, context, status=422)
    # The link is the same after a reload and Back.
    sent = Sent(Origin.MAIL_LINK, showing=request.path)
    contact.report_change(team, message, who=team.contact_email, sent=sent)
    return render(request, CONFIRM, context | {"done": "reported"})
