"""From the host to the district, and what a district that is not public answers."""

from collections.abc import Callable, Iterable, Iterator

import structlog
from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.http.request import split_domain_port
from django.urls import set_urlconf

from tenants.districts.lookup import find
from tenants.districts.models import District, State
from tenants.districts.preview import may_look
from tenants.districts.requests import DistrictRequest, belongs_to_a_district, within
from wiq.page_cache.cache import VERSION
from wiq.rooms import open_on_every_host, open_paths
from wiq.tenancy import connection
from wiq.web.allowed_hosts import known
from wiq.web.errors import BARE_HEADERS, error_response, unknown_host
from wiq.web.hosts import origin

GetResponse = Callable[[HttpRequest], HttpResponseBase]
CLOSED: dict[str, int] = {State.SUSPENDED: 503, State.ARCHIVED: 410}


class DistrictMiddleware:
    """Set the schema of the request's host and take it back after the answer, come what may.

    What comes after gets a ``DistrictRequest``, or a plain request on the platform's own host. A
    host that belongs to nobody gets 404 before anything else happens.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.on_every_host = open_on_every_host()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        connection.set_schema_to_public()
        # As Django reads it; what is no host at all is empty here.
        host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
        try:
            if host == settings.WIQ_DOMAIN:
                return self._on_platform(request)
            district = find(host) if host else None
            if district is None or district.state == State.DELETED:
                return unknown_host()
            with known(host):
                if district.host != host and not _path(request).startswith(self.on_every_host):
                    return _moved(request, district)
                return self._in_district(request, district)
        finally:
            connection.set_schema_to_public()
            set_urlconf(None)

    def _on_platform(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        return self.get_response(request)

    def _in_district(self, request: HttpRequest, district: District) -> HttpResponseBase:
        connection.set_tenant(district)
        request = within(request, district)
        request.urlconf = settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        # It stays for the line that closes the request; the next request begins with a clean slate.
        structlog.contextvars.bind_contextvars(district=district.schema_name)
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            chunks = response.streaming_content
            assert isinstance(chunks, Iterator)  # this is no ASGI
            response.streaming_content = _streamed_within(district, chunks)
        return response


def _path(request: HttpRequest) -> str:
    """Return the path of a page, whatever its language."""
    return request.path_info.removeprefix("/en")


def closed(request: DistrictRequest) -> HttpResponse:
    """Answer as a district does that isn't public: it is not there, shut for now, or over."""
    return error_response(request, CLOSED.get(request.tenant.state, 404))


def _moved(request: HttpRequest, district: District) -> HttpResponseBase:
    """Lead from another of a district's hosts to its primary one (RFC 9110, 15.4.2 and 15.4.9)."""
    response = HttpResponse(status=301 if request.method in ("GET", "HEAD") else 308)
    response["Location"] = f"{origin(district.host)}{request.get_full_path()}"
    # Nothing behind the search for the district adds its own to this answer.
    for name, value in BARE_HEADERS.items():
        response[name] = value
    return response


def _streamed_within(district: District, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Produce a streamed answer in its district: it is read after the middleware has left."""
    connection.set_tenant(district)
    try:
        yield from chunks
    finally:
        connection.set_schema_to_public()


class DistrictStateMiddleware:
    """Let visitors into published districts only; what the rooms declare open stays so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.open = (*open_paths(), settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not belongs_to_a_district(request) or request.tenant.state == State.PUBLISHED:
            return self.get_response(request)
        if _path(request).startswith(self.open):
            return self.get_response(request)
        return _previewed_or_closed(request, self.get_response)


class FileMiddleware:
    """Who may see a district's files: visitors while its pages are shown to them, else its desk.

    Whoever is signed in works on pages that nobody else sees yet, with their pictures. The views
    behind this give what a page shows, or what somebody's permissions allow at the desk.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.MEDIA_URL):
            return self.get_response(request)
        if not belongs_to_a_district(request) or request.tenant.state == State.PUBLISHED:
            return self.get_response(request)
        if request.user.is_authenticated:
            return self.get_response(request)
        return _previewed_or_closed(request, self.get_response)


def _previewed_or_closed(request: DistrictRequest, get_response: GetResponse) -> HttpResponseBase:
    """Show what everybody will see to the browser that has the link; no memory keeps it."""
    if not may_look(request, request.tenant):
        return closed(request)
    request.is_preview = True
    response = get_response(request)
    request.META.pop(VERSION, None)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
