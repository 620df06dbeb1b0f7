"""Bringing an idea, and the page on which its bringer follows it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from directory.ideas import access, services
from directory.ideas.forms import IdeaForm
from directory.ideas.models import OPEN_STATES, Idea, IdeaState
from tenants.districts.requests import DistrictRequest
from wiq.submissions.models import Origin
from wiq.submissions.pages import date_format, see_other, show_again, told_to_wait
from wiq.submissions.rules import check_answer
from wiq.throttling import seconds_to_wait
from wiq.web.anonymous import from_this_site, private_page

FORM, STATUS = "ideas/form.html", "ideas/status.html"


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Show the form, and keep the idea that is sent with it."""
    if request.method != "POST":
        return render(request, FORM, {"form": IdeaForm(), "nav": "ideas"})
    form = IdeaForm(request.POST)
    again = show_again(request, FORM, form, nav="ideas")
    if again is not None:
        return again
    assert form.checked is not None  # a valid form has kept the rules
    idea = services.accept(form.checked, origin=Origin.FORM, is_spam=form.is_spam)
    if idea.is_spam:
        return see_other(reverse("contact:received"))
    url = reverse("ideas:status", args=[idea.token])
    return see_other(f"{url}?neu=1")


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: DistrictRequest, token: str) -> HttpResponse:
    """Show how far an idea has come; the bringer may answer or take it back."""
    idea = access.for_bringer(token)
    if request.method != "POST":
        return _show(request, idea)
    wait = seconds_to_wait(request)
    typed = request.POST.get("antwort", "")
    if wait is not None:
        return told_to_wait(_show(request, idea, typed=typed, wait=wait, status=429), wait)
    try:
        if request.POST.get("was") == "zurueckziehen":
            services.withdraw(idea, actor=services.BRINGER)
            done = "zurueckgezogen"
        else:
            services.reply(idea, check_answer(typed))
            done = "geantwortet"
    except ValidationError as error:
        return _show(request, idea, typed=typed, error=error.messages[0], status=422)
    return see_other(f"{reverse('ideas:status', args=[idea.token])}?{done}=1")


def _show(
    request: DistrictRequest,
    idea: Idea,
    *,
    typed: str = "",
    error: str = "",
    wait: int | None = None,
    status: int = 200,
) -> HttpResponse:
    team = idea.solution_team
    context = {
        "idea": idea,
        "steps": idea.steps.all(),
        "team": team if team is not None and team.is_public else None,
        "is_new": request.GET.get("neu") == "1" and idea.state == IdeaState.RECEIVED,
        "is_open": idea.state in OPEN_STATES,
        "asks": idea.state == IdeaState.NEEDS_INFO,
        "date_format": date_format(),
        "forgotten_on": idea.forgotten_on(request.tenant.retention_months),
        "answered": "geantwortet" in request.GET,
        "withdrew": "zurueckgezogen" in request.GET and idea.state == IdeaState.WITHDRAWN,
        "typed": typed,
        "error": error,
        "wait": wait,
    }
    return render(request, STATUS, context, status=status)
