"""Following a district or a solution team by mail: form, confirmation, unsubscribing."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from directory.following import access, mails, services
from directory.following.forms import SubscriptionForm
from directory.following.models import Subscription
from directory.people import short_names
from directory.solutions import access as solution_teams
from directory.solutions.models import SolutionTeam
from wiq.submissions.pages import NO_MAIL, form_page, says_no_mail, see_other
from wiq.submissions.services import Sent
from wiq.web.anonymous import from_this_site, private_page

TEMPLATE = "following/form.html"


@csrf_exempt
@from_this_site
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Show the form, and mail the question to the posted address."""
    given = request.POST if request.method == "POST" else request.GET
    team = solution_teams.published_or_none(given.get("loesungsteam", ""))
    if request.method == "POST" and team is None and given.get("loesungsteam"):
        return _team_is_gone(request)
    if request.method != "POST" and team is not None:
        short_names.lead_on_to(team, given.get("loesungsteam", ""))
    initial = {"loesungsteam": team.slug if team else ""}
    typed = SubscriptionForm(request.POST if request.method == "POST" else None, initial=initial)
    is_gone = team is None and bool(given.get("loesungsteam"))
    context = {"team": team, "is_gone": is_gone}
    return form_page(request, TEMPLATE, typed, partial(_accept, team), **context)


def _accept(team: SolutionTeam | None, form: SubscriptionForm, sent: Sent) -> HttpResponse:
    data = form.cleaned_data
    may_go = services.subscribe(
        email=data["email"], solution_team=team, language=data["language"], sent=sent
    )
    if sent.is_suspicious:
        return see_other(reverse("following:held"))
    return see_other(reverse("following:asked") + ("" if may_go else NO_MAIL))


def _team_is_gone(request: HttpRequest) -> HttpResponse:
    """Show the form for the whole district: nobody is subscribed to more than they asked for."""
    typed = request.POST.copy()
    del typed["loesungsteam"]
    page = {"form": SubscriptionForm(initial=typed.dict()), "is_gone": True}
    return render(request, TEMPLATE, page, status=422)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is being sent, or that none is."""
    return render(request, "following/asked.html", {"no_mail": says_no_mail(request)})


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Say that no mail is sent, because the honeypot was filled in."""
    return render(request, "following/held.html")


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@mails.CONFIRM.opens
def confirm(request: HttpRequest, held: mails.Asked) -> HttpResponse:
    """Let the owner of the address confirm with a button, because mail scanners open links."""
    subscription = access.by_number(held.subscription)
    if request.method == "POST":
        try:
            subscription = services.confirm(subscription)
        except Subscription.DoesNotExist:
            raise Http404 from None
    return render(request, "following/confirm.html", {"subscription": subscription})


# The origin of a post is not checked: mail programs send it by themselves (RFC 8058, 3.2), and the
# secret address is enough to unsubscribe.
@csrf_exempt
@private_page("no-referrer")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe: a page with a button for people, one click for mail programs."""
    subscription = access.by_token(token)
    is_over = subscription is None
    if request.method == "POST" and subscription is not None:
        services.remove(subscription)
        is_over = True
    return render(request, "following/end.html", {"subscription": subscription, "is_over": is_over})
