"""The form to apply with a quarter, and the applicant's status page."""

from typing import Any
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tenants.applications import access, mails, rules, services
from tenants.applications.forms import ApplicationForm
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from tenants.cells import room
from tenants.districts.models import District
from tenants.provisioning import coordinators
from tenants.provisioning.models import OPEN_ORDERS
from wiq.submissions.pages import (
    NO_MAIL,
    Act,
    form_page,
    says_no_mail,
    see_other,
    status_page,
)
from wiq.submissions.services import Sent
from wiq.web.anonymous import from_this_site, private_page

FORM, STATUS = "applications/form.html", "applications/status.html"
ELSEWHERE = "applications/elsewhere.html"
ACTS = {
    "": Act(services.reply, "geantwortet"),
    "bestaetigen": Act(lambda application, typed: services.confirm(application), "bestaetigt"),
    "einladen": Act(lambda application, typed: services.invite_again(application), "eingeladen"),
}


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the form, and save a valid application.

    Where there is no room, it leads to the installation that has some. Whatever is sent here
    nevertheless is kept.
    """
    full = room.if_full()
    place = full.place if full is not None else None
    form_url = urljoin(place.url, reverse("applications:form")) if place is not None else ""
    if place is not None and request.method != "POST" and "hier" not in request.GET:
        return render(request, ELSEWHERE, {"place": place, "form_url": form_url})
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    return form_page(request, FORM, form, _accept, full=full, form_url=form_url)


def _accept(form: ApplicationForm, sent: Sent) -> HttpResponse:
    application = services.accept(form.values(), sent=sent)
    if sent.is_suspicious:
        return see_other(reverse("applications:held"))
    # No link to the status page here: only the mail's link proves the address.
    no_mail = NO_MAIL if mails.is_withheld(application) else ""
    return see_other(reverse("applications:received") + no_mail)


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Ask the applicant to look for the mail, or say that none was sent."""
    return render(request, "applications/received.html", {"no_mail": says_no_mail(request)})


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Say that no mail is sent, because the honeypot was filled in."""
    return render(request, "applications/held.html")


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """Tell, while somebody types a subdomain, whether it is free."""
    context: dict[str, Any] = {"slug": request.GET.get("slug", "")[:80].strip().lower()}
    if context["slug"]:
        try:
            context["free"] = rules.check_slug(context["slug"])
        except ValidationError as error:
            context["problem"] = error.messages[0]
    response = render(request, "applications/_address.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _entrance(made: District, application: Application) -> str:
    return coordinators.entrance_of(made, application.email).value


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show an application's state; the applicant may confirm the address and answer questions."""
    application = access.for_applicant(token)
    order = application.order
    made = District.objects.filter(pk=order.district_id).first() if order else None
    is_being_made = order is not None and order.state in OPEN_ORDERS
    context = {
        "application": application,
        "order": order,
        "order_steps": order.steps.all() if order else [],
        "is_being_made": is_being_made,
        "made": made,
        "entrance": _entrance(made, application) if made and not is_being_made else "",
        "invited_again": "eingeladen" in request.GET,
        "is_unconfirmed": application.state == ApplicationState.UNCONFIRMED,
        "is_open": application.state in OPEN_STATES,
        "asks": application.state == ApplicationState.ASKED_BACK,
        "confirmed": "bestaetigt" in request.GET,
    }
    url = reverse("applications:status", args=[application.token])
    return status_page(request, STATUS, application, context, url=url, acts=ACTS)
