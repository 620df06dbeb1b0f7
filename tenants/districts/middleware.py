"""From the host to the district, and how a district that is not public answers."""

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
from django.utils.translation import gettext_lazy as _

from tenants.districts import turns
from tenants.districts.lookup import answering, moved_to
from tenants.districts.models import District, Moving, State
from tenants.districts.moved_on import led_to, was_typed_here, with_target
from tenants.districts.preview import may_look
from tenants.districts.requests import (
    SAFE,
    DistrictRequest,
    belongs_to_a_district,
    comes_from_a_page,
    within,
)
from wiq.database import standing
from wiq.media.storage import FilesAway
from wiq.metrics.counting import SCHEMA
from wiq.page_cache.cache import VERSION
from wiq.rooms import open_on_every_host, open_paths
from wiq.serving.bodies import AGAIN
from wiq.tenancy import PUBLIC, connection
from wiq.web.allowed_hosts import known
from wiq.web.errors import BARE_HEADERS, error_response, is_api, unknown_host
from wiq.web.hosts import origin
from wiq.web.languages import without_language

GetResponse = Callable[[HttpRequest], HttpResponseBase]
BEHIND = _(
    "Dieses Quartier wird gerade in Ordnung gebracht: Eine Aktualisierung hat nicht geklappt. "
    "Es ist nichts verloren gegangen. Bitte versuchen Sie es später noch einmal."
)
COMING = _(
    "Dieses Quartier wird gerade auf den neuesten Stand gebracht. Es geht nichts verloren. "
    "Bitte versuchen Sie es in einer Minute noch einmal."
)
MOVING = _(
    "Dieses Quartier zieht gerade auf einen anderen Server um. Was Sie geschickt haben, ist noch "
    "nicht angekommen. Bitte versuchen Sie es in einer Minute noch einmal."
)
CLOSED: dict[str, int] = {State.SUSPENDED: 503, State.ARCHIVED: 410}


class DistrictMiddleware:
    """Set the schema of the request's host and always reset it after the response.

    Later code gets a ``DistrictRequest``, or a plain request on the platform's own host. An
    unknown host gets 404 before anything else happens.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.on_every_host = (*open_on_every_host(), settings.STATIC_URL, settings.MEDIA_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        connection.set_schema_to_public()
        # Parsed as Django does; an invalid host becomes empty.
        host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
        try:
            if host == settings.WIQ_DOMAIN:
                return self._on_platform(request)
            district = answering(host) if host else None
            if district is None:
                return self._elsewhere(request, host)
            with known(host):
                path = without_language(request.path_info)
                if district.host == host or path.startswith(self.on_every_host):
                    return self._in_district(request, district)
                if comes_from_a_page(request) and not is_api(request):
                    return self._in_district(request, district, moved_to=origin(district.host))
                return _moved(request, district)
        finally:
            connection.set_schema_to_public()
            set_urlconf(None)

    def _elsewhere(self, request: HttpRequest, host: str) -> HttpResponseBase:
        """Lead to where a district of this host has moved; else the host is unknown."""
        target = moved_to(host) if host else ""
        if not target:
            return unknown_host()
        if request.path_info.startswith(settings.STATIC_URL) or was_typed_here(request):
            with known(host):
                return self._on_platform(with_target(request, target))
        return led_to(request, target)

    def _on_platform(self, request: HttpRequest) -> HttpResponseBase:
        request.META[SCHEMA] = PUBLIC
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        return self.get_response(request)

    def _in_district(
        self, request: HttpRequest, district: District, moved_to: str = ""
    ) -> HttpResponseBase:
        connection.set_tenant(district)
        request.META[SCHEMA] = district.schema_name
        request = within(request, district)
        request.moved_to = moved_to
        request.urlconf = settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        # Stays bound for the log line at the request's end; the next request starts without it.
        structlog.contextvars.bind_contextvars(district=district.schema_name)
        response = self.get_response(request)
        if response.status_code >= 500 and _is_held(district):
            # What it could not write is asked again, here or where the district is by then.
            request.META[AGAIN] = True
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            chunks = response.streaming_content
            assert isinstance(chunks, Iterator)  # WSGI only
            response.streaming_content = _streamed_within(district, chunks)
        return response


def _is_held(district: District) -> bool:
    """Tell whether a district can't be written at this moment, or has left since it was found."""
    connection.set_schema_to_public()
    try:
        now = answering(district.host)
    finally:
        connection.set_tenant(district)
    return now is None or now.moving == Moving.HELD


def closed(request: DistrictRequest) -> HttpResponse:
    """Answer for a district that isn't public: unknown, closed for now, or ended."""
    return error_response(request, CLOSED.get(request.tenant.state, 404))


def _moved(request: HttpRequest, district: District) -> HttpResponseBase:
    """Redirect from a district's other host to its primary one (RFC 9110, 15.4.2 and 15.4.9)."""
    response = HttpResponse(status=301 if request.method in ("GET", "HEAD") else 308)
    response["Location"] = f"{origin(district.host)}{request.get_full_path()}"
    # Another answer for the same address where one of the old host's own pages asks.
    response["Vary"] = "Sec-Fetch-Site"
    # No later middleware adds its headers to this response.
    for name, value in BARE_HEADERS.items():
        response[name] = value
    return response


def _streamed_within(district: District, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Set the district again for a streamed response, which is read after the middleware."""
    connection.set_tenant(district)
    try:
        yield from chunks
    finally:
        connection.set_schema_to_public()


class DistrictStateMiddleware:
    """Let visitors into published districts only, except to paths that rooms declare open.

    Nobody gets into a district whose migration failed, or whose turn is still to come.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.open = (*open_paths(), settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Nothing works there, not even signing in: the tables are those of an older version.
        if belongs_to_a_district(request) and request.tenant.is_behind:
            return error_response(request, 503, BEHIND)
        if belongs_to_a_district(request) and not standing.fits(request.tenant.schema_name):
            turns.ask_for(request.tenant.schema_name)
            request.META[AGAIN] = True
            return error_response(request, 503, COMING)
        if belongs_to_a_district(request) and _has_to_wait(request):
            request.META[AGAIN] = True
            return error_response(request, 503, MOVING)
        if not belongs_to_a_district(request) or request.tenant.state == State.PUBLISHED:
            return self.get_response(request)
        if without_language(request.path_info).startswith(self.open):
            return self.get_response(request)
        return _previewed_or_closed(request, self.get_response)


def _has_to_wait(request: DistrictRequest) -> bool:
    """Tell whether something is sent into a district that is just moving: it waits, unread."""
    return request.tenant.moving == Moving.HELD and request.method not in SAFE


class FileMiddleware:
    """Decides who may see a district's files: visitors while its pages are public, else its desk.

    Users who are signed in also edit pages that are not public yet, and need their pictures. The
    views check further whether a page shows the file or the user may see it at the desk.
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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say "later" where the storage is away, on any page that reads or keeps a file."""
        return error_response(request, 503) if isinstance(exception, FilesAway) else None


def _previewed_or_closed(request: DistrictRequest, get_response: GetResponse) -> HttpResponseBase:
    """Show the future public pages to a browser with the preview link, and keep them uncached."""
    if not may_look(request, request.tenant):
        return closed(request)
    request.is_preview = True
    response = get_response(request)
    request.META.pop(VERSION, None)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
