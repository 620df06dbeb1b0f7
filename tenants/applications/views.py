"""Applying with a quarter, and the page on which the applicant follows it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tenants.applications import access, rules, services
from tenants.applications.forms import ApplicationForm
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from tenants.districts.models import District
from tenants.provisioning.models import OPEN_ORDERS
from wiq.submissions.models import Origin
from wiq.submissions.pages import date_format, see_other, show_again, told_to_wait
from wiq.submissions.rules import check_answer
from wiq.throttling import seconds_to_wait
from wiq.web.anonymous import from_this_site, private_page

FORM, STATUS = "applications/form.html", "applications/status.html"


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the form, and keep what is sent with it."""
    if request.method != "POST":
        return render(request, FORM, {"form": ApplicationForm()})
    form = ApplicationForm(request.POST)
    again = show_again(request, FORM, form)
    if again is not None:
        return again
    assert form.checked is not None  # a valid form has kept the rules
    services.accept(form.checked, origin=Origin.FORM, is_spam=form.is_spam)
    # No link to the status page here: only who gets the mail proves the address.
    return see_other(reverse("applications:received"))


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Send the applicant to the mail."""
    return render(request, "applications/received.html")


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """Say of a wished subdomain, while it is typed, whether it is free."""
    context: dict[str, Any] = {"slug": request.GET.get("slug", "")[:80].strip().lower()}
    if context["slug"]:
        try:
            context["free"] = rules.check_slug(context["slug"])
        except ValidationError as error:
            context["problem"] = error.messages[0]
    response = render(request, "applications/_address.html", context)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@from_this_site
@private_page("same-origin")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far an application has come; the applicant confirms the address and answers."""
    application = access.for_applicant(token)
    if request.method != "POST":
        return _show(request, application)
    wait = seconds_to_wait(request)
    typed = request.POST.get("antwort", "")
    if wait is not None:
        page = _show(request, application, typed=typed, error=services.TOO_OFTEN, status=429)
        return told_to_wait(page, wait)
    try:
        if request.POST.get("was") == "bestaetigen":
            services.confirm(application)
            done = "bestaetigt"
        else:
            services.reply(application, check_answer(typed))
            done = "geantwortet"
    except ValidationError as error:
        return _show(request, application, typed=typed, error=error.messages[0], status=422)
    return see_other(f"{reverse('applications:status', args=[application.token])}?{done}=1")


def _show(
    request: HttpRequest,
    application: Application,
    *,
    typed: str = "",
    error: Any = "",
    status: int = 200,
) -> HttpResponse:
    order = application.order
    made = District.objects.filter(pk=order.district_id).first() if order else None
    context = {
        "application": application,
        "steps": application.steps.all(),
        "order": order,
        "order_steps": order.steps.all() if order else [],
        "is_being_made": order is not None and order.state in OPEN_ORDERS,
        "made": made,
        "is_unconfirmed": application.state == ApplicationState.UNCONFIRMED,
        "is_open": application.state in OPEN_STATES,
        "asks": application.state == ApplicationState.ASKED_BACK,
        "date_format": date_format(),
        "confirmed": "bestaetigt" in request.GET,
        "answered": "geantwortet" in request.GET,
        "typed": typed,
        "error": error,
    }
    return render(request, STATUS, context, status=status)
