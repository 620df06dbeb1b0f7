"""The form for an idea, and its bringer's status page."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from directory.conversations import promises
from directory.conversations.link_pages import helped_page
from directory.conversations.resident import is_settled_by_resident
from directory.conversations.status_pages import StatusPage
from directory.ideas import access, helped, services
from directory.ideas.forms import IdeaForm
from directory.ideas.models import OPEN_STATES, IdeaState
from tenants.districts.requests import DistrictRequest
from wiq.submissions.pages import form_page, see_other
from wiq.submissions.services import Sent
from wiq.web.anonymous import from_this_site, private_page

FORM, STATUS = "ideas/form.html", "ideas/status.html"


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Show the form, and save a valid idea."""
    form = IdeaForm(request.POST if request.method == "POST" else None)
    return form_page(request, FORM, form, _accept, nav="ideas")


def _accept(form: IdeaForm, sent: Sent) -> HttpResponse:
    idea = services.accept(form.values(), sent=sent)
    if idea.state == IdeaState.SPAM:
        return see_other(reverse("contact:received"))
    url = reverse("ideas:status", args=[idea.token])
    return see_other(f"{url}?neu=1")


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: DistrictRequest, token: str) -> HttpResponse:
    """Show an idea's state; the bringer may withdraw it, and after a code read and answer."""
    idea = access.for_bringer(token)
    team = idea.solution_team
    is_open = idea.state in OPEN_STATES
    return StatusPage(
        request,
        STATUS,
        idea,
        url=reverse("ideas:status", args=[idea.token]),
        takes_words=is_open or is_settled_by_resident(idea),
        can_settle=is_open,
        idea=idea,
        team=team if team is not None and team.is_public else None,
        is_new=request.GET.get("neu") == "1" and idea.state == IdeaState.RECEIVED,
        is_open=is_open,
        answer_by=promises.still_open(idea),
        asks=idea.state == IdeaState.NEEDS_INFO,
        forgotten_on=idea.forgotten_on(request.tenant.retention_months),
    ).answer()


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@helped.LINK.opens
def did_it_help(request: HttpRequest, held: helped.Asked) -> HttpResponse:
    """Ask whether an answer helped, and keep what the button says."""
    find = partial(access.by_number, held.idea)
    return helped_page(request, "ideas/helped.html", helped, find)
