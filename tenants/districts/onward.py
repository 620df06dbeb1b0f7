"""Leads people from one of our origins to another by a page instead of a redirect.

Chromium applies ``form-action 'self'`` to every redirect after a form, too, and then does nothing
and says nothing (https://www.w3.org/TR/CSP3/#navigate-to-violates). A page with a link and a
refresh is followed by every browser.
"""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tenants.districts.moved_on import TARGET, typed_before
from tenants.districts.requests import SAFE, belongs_to_a_district
from wiq.web.errors import is_api

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OnwardMiddleware:
    """Replaces what would redirect a form's answer to another origin.

    On a host that a district has left, what somebody typed before is still accepted, so that
    nothing is lost; then the answer leads to the current host.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if TARGET in request.META and request.method not in SAFE:
            return typed_before(request)
        moved_to = request.moved_to if belongs_to_a_district(request) else ""
        if request.method in SAFE:
            if moved_to:
                return onward(request, f"{moved_to}{request.get_full_path()}")
            return self.get_response(request)
        response = self.get_response(request)
        place = response.headers.get("Location", "")
        # A redirect for good has kept nothing yet: the browser sends the form again.
        if not place or is_api(request) or response.status_code in (301, 308):
            return response
        here = f"{request.scheme}://{request.get_host()}"
        target = urljoin(f"{moved_to or here}{request.path}", place)
        if target.startswith(f"{here}/"):
            return response
        page = onward(request, target)
        page.cookies = response.cookies
        return page


def onward(request: HttpRequest, target: str) -> HttpResponse:
    """Return the page that leads to an address on another of our hosts."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(headers={"HX-Redirect": target})
    else:
        context = {"target": target, "host": urlsplit(target).hostname}
        response = render(request, "districts/onward.html", context)
    response["Cache-Control"] = "no-store"
    return response
