"""Error pages and the API's error responses, in the reader's language."""

import sys

from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wiq.audit import services as audit
from wiq.outages import is_outage

TITLES = {
    400: _("Das haben wir nicht verstanden"),
    403: _("Das geht so nicht"),
    404: _("Diese Seite gibt es nicht"),
    408: _("Das hat zu lange gedauert"),
    410: _("Hier ist nichts mehr"),
    413: _("Das ist zu groß"),
    429: _("Einen Moment, bitte"),
    500: _("Bei uns ist etwas schiefgegangen"),
    503: _("Gerade geht es nicht"),
}
TEXTS = {
    400: _("Die Anfrage war nicht vollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    403: _("Sie haben dafür hier keine Berechtigung."),
    404: _("Vielleicht ist die Adresse falsch geschrieben oder die Seite ist umgezogen."),
    408: _("Ihre Eingabe ist nicht vollständig bei uns angekommen. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal."),
    410: _("Diese Seite war einmal hier. Jetzt gibt es sie nicht mehr."),
    413: _("Was Sie geschickt haben, ist zu groß für uns. Bitte kürzen Sie es."),
    429: _("Das war sehr oft hintereinander. Bitte warten Sie ein paar Minuten und versuchen Sie es dann noch einmal."),
    500: _("Das liegt nicht an Ihnen. Bitte versuchen Sie es in ein paar Minuten noch einmal."),
    503: _("Diese Seite ist im Moment nicht erreichbar. Bitte versuchen Sie es später noch einmal."),
}  # fmt: skip
FROM_ELSEWHERE = _("Entweder kam die Eingabe nicht von dieser Seite oder Ihr Browser nimmt keine Cookies an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")  # fmt: skip
NOT_SAVED = _("Wir können gerade nichts speichern. Bitte gehen Sie in Ihrem Browser zurück und schicken Sie Ihre Eingabe in ein paar Minuten noch einmal ab.")  # fmt: skip
CODES = {
    400: "bad_request",
    403: "permission_denied",
    404: "not_found",
    408: "timeout",
    410: "gone",
    413: "too_large",
    429: "throttled",
    500: "error",
    503: "unavailable",
}
# When to come again after a 503: an outage, or a district that is closed for now.
RETRY_SECONDS = 120

# For responses that bypass the other middleware.
BARE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def is_api(request: HttpRequest) -> bool:
    """Tell whether a request is for the API, which answers in JSON."""
    return request.path_info.startswith("/api/")


def language_of(request: HttpRequest) -> str:
    """Return the language of the response if no middleware has set it yet."""
    if is_api(request):
        return translation.get_language_from_request(request)
    return translation.get_language_from_path(request.path_info) or "de"


def error_response(
    request: HttpRequest, status: int, text: str | Promise | None = None
) -> HttpResponse:
    """Return the response for a status: JSON for the API, else a friendly page.

    ``text`` replaces the status's own, more general sentence.
    """
    with translation.override(language_of(request)):
        if is_api(request):
            kind = "server_error" if status >= 500 else "client_error"
            detail = str(text or TEXTS[status])
            error = {"code": CODES[status], "detail": detail, "attr": None}
            response: HttpResponse = JsonResponse({"type": kind, "errors": [error]}, status=status)
        else:
            context = {"title": TITLES[status], "text": text or TEXTS[status], "status": status}
            page = render_to_string("web/error.html", context, request)
            response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a post that did not come from our own page (also Django's CSRF_FAILURE_VIEW)."""
    return error_response(request, 403, str(FROM_ELSEWHERE))


def unknown_host() -> HttpResponse:
    """Answer for an unknown host, without a hint at any district."""
    return HttpResponse(
        "404 – Diese Adresse gibt es nicht. / This address does not exist.\n",
        status=404,
        content_type="text/plain; charset=utf-8",
        headers=BARE_HEADERS,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django finds invalid (handler400)."""
    return error_response(request, 400)


def too_many(request: HttpRequest) -> HttpResponse:
    """Refuse too many tries to sign in (allauth's handler429)."""
    return error_response(request, 429)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refuse what a user may not do (handler403), and record it for an account of this host."""
    user = getattr(request, "user", None)
    if isinstance(user, models.Model):
        audit.record_event(
            "request.refused", None, actor=user, details={"path": request.path[:200]}
        )
    return error_response(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a page that does not exist (handler404)."""
    return error_response(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after an error of ours or while a server that we need is away (handler500).

    If even the error page fails, a plain sentence is sent.
    """
    status = 503 if is_outage(sys.exc_info()[1]) else 500
    sends = request.method not in ("GET", "HEAD") and not is_api(request)
    try:
        return error_response(request, status, NOT_SAVED if status == 503 and sends else None)
    except Exception:
        text = f"{TITLES[status]}. {TEXTS[status]}\n"
        plain = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
        if status == 503:
            plain["Retry-After"] = str(RETRY_SECONDS)
        return plain
