"""The contact form, the page behind a mail's link, and the resident's status page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from directory.contact import access, codes, links, mails, referring, services
from directory.contact.forms import ContactForm
from directory.contact.models import OPEN_STATES, ContactRequest, RequestKind, RequestState
from directory.conversations import promises
from directory.conversations.status_pages import StatusPage
from directory.people import short_names
from directory.people.models import Team
from directory.solutions import access as solution_teams
from directory.solutions.models import SolutionTeam
from tenants.districts.requests import DistrictRequest
from wiq.submissions import occasions
from wiq.submissions.pages import form_page, see_other, told_to_wait
from wiq.submissions.services import Sent
from wiq.throttling import seconds_to_wait
from wiq.web.anonymous import from_this_site, private_page

TEMPLATE, PLAIN = "contact/form.html", "contact/plain_form.html"
# The kinds that a link to the form may choose.
ANLIEGEN = {"mitmachen": RequestKind.JOIN.value, "barriere": RequestKind.BARRIER.value}


# CSRF protection without a cookie: from_this_site checks the origin that the browser sends.
@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form, and save a valid request."""
    return _form(request, TEMPLATE)


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def plain_contact(request: HttpRequest) -> HttpResponse:
    """Show the same form in plain German."""
    return _form(request, PLAIN)


def _form(request: HttpRequest, template: str) -> HttpResponse:
    teams = list(Team.objects.published())
    is_post = request.method == "POST"
    given = _addressed(request.POST if is_post else request.GET)
    if not is_post and given["solution_team"] is not None:
        short_names.lead_on_to(given["solution_team"], request.GET.get("loesungsteam", ""))
    wished = request.GET.get("team", "")
    slugs = {team.slug for team in teams}
    if not is_post and wished not in slugs:
        short_names.lead_on(Team.objects.published(), wished)
    first = next((team.slug for team in teams if team.kind == "support"), "")
    form = ContactForm.on_page(
        request.POST if is_post else None,
        teams=teams,
        initial={"team": wished if wished in slugs else first},
        **given,
    )
    is_gone = not is_post and _names_what_is_gone(request.GET, slugs, given["solution_team"])
    return form_page(request, template, form, _accept, nav="contact", is_gone=is_gone)


def _names_what_is_gone(asked: QueryDict, slugs: set[str], team: SolutionTeam | None) -> bool:
    """Tell whether a link to the form names something that visitors don't see any more."""
    wished = asked.get("team", "")
    key = occasions.named_in(asked)
    return (
        bool(wished and wished not in slugs)
        or bool(asked.get("loesungsteam") and team is None)
        or bool(key and occasions.found(key) is None)
    )


def _accept(form: ContactForm, sent: Sent) -> HttpResponse:
    accepted = services.accept(form.values(), sent=sent)
    if accepted.state == RequestState.SPAM:
        return see_other(reverse("contact:received"))
    url = reverse("contact:status", args=[accepted.token])
    return see_other(f"{url}?neu=1")


def _addressed(given: QueryDict) -> dict[str, Any]:
    """Return the form's solution team and kind, and what one registers for.

    They come from ``?loesungsteam=SLUG``, ``?anliegen=`` and what rooms name (``?termin=12``), in a
    post from the hidden fields.
    """
    slug = given.get("loesungsteam", "") or given.get("solution_team", "")
    kind = ANLIEGEN.get(given.get("anliegen", ""), "") or given.get("kind", "")
    team = solution_teams.published_or_none(slug)
    if (kind == RequestKind.JOIN and team is None) or kind not in ANLIEGEN.values():
        kind = RequestKind.MESSAGE
    key = occasions.named_in(given) or given.get("occasion", "")
    return {"solution_team": team, "kind": kind, "occasion": occasions.found(key)}


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Say thank you if there is no status page to show."""
    return render(request, "contact/received.html")


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: DistrictRequest, token: str) -> HttpResponse:
    """Show a resident the state of the request; after a code, what was written as well."""
    found = access.for_resident(token)
    is_known = found.anonymised_at is None
    return StatusPage(
        request,
        "contact/status.html",
        found,
        url=reverse("contact:status", args=[found.token]),
        takes_words=is_known,
        can_settle=is_known and found.state in (*OPEN_STATES, RequestState.ANSWERED),
        contact_request=found,
        team_name=mails.addressee(found),
        is_new=request.GET.get("neu") == "1" and found.state == RequestState.NEW,
        is_open=found.state in OPEN_STATES,
        went_to=referring.carried_to(found),
        answer_by=promises.still_open(found),
        forgotten_on=found.forgotten_on(request.tenant.retention_months),
    ).answer()


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@links.LINK.opens
def link(request: HttpRequest, held: links.Move) -> HttpResponse:
    """Show what a link of the team's mail is for; only a code of the team's mailbox lets it act.

    Mail scanners open links, and an answer quotes them to the resident.
    """
    contact_request = access.for_team(held.request)
    is_open = contact_request.state in links.ONLY_FROM[held.action]
    error, pressed, status = "", False, 200
    if request.method == "POST" and is_open:
        wait = seconds_to_wait(request)
        if wait is not None:
            page = _link_page(request, contact_request, held, wait=wait, status=429)
            return told_to_wait(page, wait)
        try:
            pressed = _act(request.POST, contact_request, held)
        except ValidationError as refused:
            error, status = refused.messages[0], 422
        contact_request = access.for_team(held.request)
    return _link_page(request, contact_request, held, error=error, pressed=pressed, status=status)


def _act(typed: QueryDict, contact_request: ContactRequest, held: links.Move) -> bool:
    """Mail a code, or do what the link says with the typed one; tell whether it was done."""
    if typed.get("was") == "code":
        codes.ask(contact_request, held)
        return False
    codes.move_with(contact_request, held, typed.get("code", ""), name=typed.get("name", ""))
    return True


def _link_page(
    request: HttpRequest, contact_request: ContactRequest, held: links.Move, *, status: int,
    **shown: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "contact_request": contact_request,
        "action": held.action,
        "is_open": contact_request.state in links.ONLY_FROM[held.action],
        "code_is_out": codes.waiting_for(held) is not None,
        "name": request.POST.get("name", ""),
        **shown,
    }
    return render(request, "contact/link.html", context, status=status)
