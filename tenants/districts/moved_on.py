"""What a host says whose district answers on another installation by now."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.districts.requests import SAFE, comes_from_a_page
from wiq.web.errors import BARE_HEADERS, is_api
from wiq.web.typed_again import TOKEN, is_words

# Where its district answers that a request asks for.
TARGET = "wiq.moved-to"


def led_to(request: HttpRequest, target: str) -> HttpResponse:
    """Redirect with whatever was sent, for programs that follow.

    Not for good (RFC 9110, 15.4.8): a district may come back. A part of a page that was open before
    cannot follow to another host; the whole page does
    (https://htmx.org/reference/#response_headers).
    """
    if is_part(request):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        response = HttpResponse()
        response["HX-Redirect"] = f"{target}{page.path or '/'}{page.query and '?'}{page.query}"
    else:
        response = HttpResponse(status=307)
        response["Location"] = f"{target}{request.get_full_path()}"
    response["Cache-Control"] = "no-store"
    for name, value in BARE_HEADERS.items():
        response[name] = value
    return response


def is_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page."""
    return bool(request.headers.get("HX-Request"))


def was_typed_here(request: HttpRequest) -> bool:
    """Tell whether somebody sends a form that was open before its district moved.

    The new place would refuse what a page of another site sends, and a browser may not follow.
    """
    return request.method not in SAFE and not is_api(request) and comes_from_a_page(request)


def with_target(request: HttpRequest, target: str) -> HttpRequest:
    """Note on a request where its district is."""
    request.META[TARGET] = target
    return request


def typed_before(request: HttpRequest) -> HttpResponse:
    """Return the page with what somebody typed, and the way to the same form in its new place."""
    target = f"{request.META[TARGET]}{request.get_full_path()}"
    sent = [(name, value) for name, found in request.POST.lists() for value in found]
    values = [value for name, value in sent if name != TOKEN and is_words(name, value)]
    context = {
        "shown": [] if _is_secret(request) else values,
        "files": [file.name for _name, files in request.FILES.lists() for file in files],
        "target": target,
        "host": urlsplit(target).netloc,
    }
    # htmx shows nothing of what is an error, and this page in place of the part that was sent.
    response = render(
        request, "districts/moved_on.html", context, status=200 if is_part(request) else 409
    )
    if is_part(request):
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    response["Cache-Control"] = "no-store"
    return response


def _is_secret(request: HttpRequest) -> bool:
    return any("password" in name.lower() for name in request.POST)
