"""Pages behind links that residents get by mail: each asks, and a button answers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.contact import access, helped, referring
from directory.contact.models import Referral, ReferralState
from directory.conversations.link_pages import asking_page, helped_page
from wiq.web.anonymous import from_this_site, private_page


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@helped.LINK.opens
def did_it_help(request: HttpRequest, held: helped.Asked) -> HttpResponse:
    """Ask whether an answer helped, and keep what the button says."""
    find = partial(access.for_team, held.request)
    return helped_page(request, "conversations/helped.html", helped, find)


@csrf_exempt
@from_this_site
@private_page("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
@referring.LINK.opens
def may_it_go(request: HttpRequest, held: referring.Question) -> HttpResponse:
    """Ask whether a request may go to another district, and do what the button says."""
    found = _referral(held.referral)
    acts: dict[str, Callable[[str], object]] = {
        "ja": lambda typed: referring.carry(referring.agree(found)),
        "nein": lambda typed: referring.decline(found),
    }
    return asking_page(request, "contact/referral.html", acts, lambda: _asked(held.referral))


def _referral(number: int) -> Referral:
    found = Referral.objects.select_related("contact_request").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _asked(number: int) -> Mapping[str, Any]:
    found = _referral(number)
    return {
        "referral": found,
        "contact_request": found.contact_request,
        "goes_along": referring.goes_along(found),
        "may_say": found.state == ReferralState.ASKED,
        "agreed": found.state in (ReferralState.AGREED, ReferralState.CARRIED),
    }
