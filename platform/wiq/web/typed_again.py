"""What was typed comes back where a form can't be saved now: signed out, or with an old token.

A token is old as soon as somebody signs in again in another tab. The page holds what was sent and
a button that sends it once more; nothing of it is stored
(docs/decisions/0068-nothing-typed-is-lost.md).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from wiq.web.anonymous import comes_from_this_site
from wiq.web.errors import from_elsewhere, is_api
from wiq.web.languages import with_language, without_language

# From this length on, a value is shown as well as kept.
WORTH_SHOWING = 3
# Names that forms need and people don't.
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
NOT_TYPED = ("_FORMS", "-id", "seen_version", "_act", "_save", "_continue", "_addanother")


class SameOriginMiddleware:
    """Ask no token of whom the browser itself says to come from this origin.

    It stands before Django's protection. Sec-Fetch-Site can't be set by a page (Fetch Metadata,
    W3C), and a sibling subdomain is ``same-site``. So a form still saves after its owner has
    signed in again in another tab.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Mark a request as Django does once it has checked the token."""
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            checked: Any = request
            checked.csrf_processing_done = True


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give back what was typed on our own page; refuse what came from elsewhere."""
    if is_api(request) or not comes_from_this_site(request) or not may_come_back(request):
        return from_elsewhere(request, reason)
    return typed_again(request)


def may_come_back(request: HttpRequest) -> bool:
    """Tell whether there is something to give back, and no password in it."""
    names = [name for name in request.POST if name != TOKEN]
    return bool(names) and not any("password" in name.lower() for name in names)


def was_shown_here(request: HttpRequest) -> bool:
    """Tell whether this browser has seen one of our forms: a stranger just has to sign in."""
    names = (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME)
    return TOKEN in request.POST or any(name in request.COOKIES for name in names)


def typed_again(request: HttpRequest) -> HttpResponse:
    """Return the page that holds what was sent, with status 403: nothing has been saved."""
    sent = [(n, value) for n, values in request.POST.lists() if n != TOKEN for value in values]
    path = without_language(request.path_info)
    desk = "/plattform/login/" if path.startswith("/plattform/") else "/koordination/login/"
    context = {
        "sent": sent,
        "shown": [value for name, value in sent if is_words(name, value)],
        "files": [file.name for _name, files in request.FILES.lists() for file in files],
        "is_signed_in": request.user.is_authenticated,
        "login": desk if path.startswith("/plattform/") else with_language(desk),
        "target": request.get_full_path(),
    }
    response = render(request, "web/typed_again.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def is_words(name: str, value: str) -> bool:
    """Tell whether somebody typed this: no name of an object, and more than a letter."""
    return len(value.strip()) >= WORTH_SHOWING and not name.endswith(NOT_TYPED)
