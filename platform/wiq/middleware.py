"""What every request passes first: trusted proxies, limits of its body, the language."""

import ipaddress
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from wiq.addresses import Address, forwarded, parsed
from wiq.rooms import has_bearer
from wiq.serving.bodies import REFUSED
from wiq.serving.limits import declared_limit, longest_body
from wiq.typed import cleaned
from wiq.web.errors import error_response

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# Programs in front pass on what visitors say of a trace (W3C, Trace Context and Baggage).
TRACED = ("HTTP_TRACEPARENT", "HTTP_TRACESTATE", "HTTP_BAGGAGE")
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class TrustedProxyMiddleware:
    """Trust ``X-Forwarded-For`` and ``-Proto`` only from the proxies in WIQ_TRUSTED_PROXIES.

    Afterwards REMOTE_ADDR is the visitor's address, and the forwarded headers are removed so that
    no later code can trust them by mistake. ``X-Forwarded-Host`` is never trusted, nor what is
    said of a trace: ours begin here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted = [
            ipaddress.ip_network(text, strict=False) for text in settings.WIQ_TRUSTED_PROXIES
        ]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded_for, protocol, _ = (request.META.pop(name, "") for name in FORWARDED)
        for name in TRACED:
            request.META.pop(name, None)
        if self._trusts(parsed(request.META.get("REMOTE_ADDR", ""))):
            visitor = self._visitor(forwarded_for)
            if visitor is not None:
                request.META["REMOTE_ADDR"] = str(visitor)
            # Of several proxies the first met the visitor. Who lies to it fools nobody else.
            scheme = protocol.partition(",")[0].strip().lower()
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)

    def _visitor(self, forwarded_for: str) -> Address | None:
        """Return the last address that is not one of ours; what stands before it may be made up."""
        hops = [forwarded(hop) for hop in forwarded_for.split(",") if hop.strip()]
        return next((hop for hop in reversed(hops) if not self._trusts(hop)), None)

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)


# A form of the desk may have thousands of fields (DATA_UPLOAD_MAX_NUMBER_FIELDS), an address not.
QUERY_FIELDS_MOST = 1_000


class KeptMethodMiddleware:
    """Redirect a write for good with 308, which keeps its method (RFC 9110, 15.4.9).

    After 301, browsers and programs ask with GET instead: a post without the last slash would show
    an empty form as if all were well.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 301 and request.method not in ("GET", "HEAD"):
            response.status_code = 308
        return response


class BodyTooLong(Exception):
    """A body in chunks is longer than a page's may be."""


class RequestLimitsMiddleware:
    """Refuse a body over the limit with 413 before any of it is read, and NUL with 400.

    No valid address contains NUL, and PostgreSQL does not store it, so no later code has to check
    for it. Rooms that accept files declare higher limits for users who are signed in
    (UploadLimitMiddleware). What is somewhat larger is still read there, so that the form comes
    back with what was typed; several pictures in one save may be as large together. What the way
    in refused already (wiq.serving.bodies) is said here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if REFUSED in request.META:
            return error_response(request, request.META[REFUSED])
        limit = declared_limit(request.path_info)
        most = longest_body(request.path_info, may_upload=True)
        try:
            length = _length(request)
        except ValueError:
            return error_response(request, 400)
        except BodyTooLong:
            return error_response(request, 413)
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(request, 400)
        if request.META.get("QUERY_STRING", "").count("&") >= QUERY_FIELDS_MOST:
            return error_response(request, 400)
        if length > most:
            return error_response(request, 413)
        # The connection broke, so the body is incomplete.
        if 0 < length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE and len(request.body) != length:
            return error_response(request, 400)
        response = self.get_response(request)
        if limit and length > limit and response.status_code == 200:
            # The form again, with what was typed and why it was refused.
            response.status_code = 413
        return response


def _length(request: HttpRequest) -> int:
    """Return a body's length. One that comes in chunks is read first.

    Django takes a body without ``Content-Length`` for an empty one. What is read before anybody
    knows who sends it stays in memory, so chunks hold no more than a body of a usual page, also
    where rooms accept files. Raises ValueError for a length that is no number, BodyTooLong.
    """
    written = request.META.get("CONTENT_LENGTH")
    if written or "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return int(written or 0)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = request.META["wsgi.input"].read(most + 1)
    if len(body) > most:
        raise BodyTooLong
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)
    return len(body)


class TypedTextMiddleware:
    """Clean what people typed or pasted before any form, rule or search reads it (``wiq.typed``).

    A body is cleaned when it is read, so that the limits for files still decide before. Passwords
    stay as they are: an account made before would no longer open. Bodies in JSON are cleaned by
    ``api.parsers``.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked: Any = request
        if "%" in request.META.get("QUERY_STRING", ""):
            asked.GET = _cleaned(request.GET)
        load: Callable[[], None] = asked._load_post_and_files

        def load_cleaned() -> None:
            load()
            # Set as Django's own method sets it: the property would read the body again.
            asked._post = _cleaned(asked._post)

        asked._load_post_and_files = load_cleaned
        return self.get_response(request)


def _cleaned(sent: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        is_secret = "password" in name.lower()
        clean.setlist(name, values if is_secret else [cleaned(value) for value in values])
    clean._mutable = False
    return clean


class UploadLimitMiddleware:
    """Refuse a large file from visitors who aren't signed in, before it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        limit = longest_body(request.path_info, may_upload=False)
        if length <= limit or request.user.is_authenticated or has_bearer(request):
            return self.get_response(request)
        return error_response(request, 413)


class LanguageMiddleware(LocaleMiddleware):
    """Take a page's language from its address alone, the API's from ``Accept-Language``.

    So a page is the same for everybody who opens its address, and needs neither a cookie nor a
    ``Vary`` header.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/api/"):
            language = translation.get_language_from_request(request)
        else:
            in_path = translation.get_language_from_path(request.path_info)
            language = in_path or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        if request.path_info.startswith("/api/") and isinstance(response, HttpResponse):
            patch_vary_headers(response, ("Accept-Language", "Authorization"))
        return response
