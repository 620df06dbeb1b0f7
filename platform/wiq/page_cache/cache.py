"""Public pages from memory, right at once after every write (docs/decisions/0008-page-cache.md).

Stands in front of Django, because most of a cached answer's time would be Django's own.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, NamedTuple

from cachetools import TTLCache
from django.conf import settings
from django.db import connection as database
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.utils.http import parse_etags

from wiq.database import standby
from wiq.page_cache.packing import PLAIN, packed, wished
from wiq.page_cache.version import Version, Watch, current_or_new
from wiq.tenancy import connection

View = Callable[..., HttpResponse]
Headers = list[tuple[str, str]]
VERSION = "wiq.page-version"
BYTES_MAX = 16_000_000
# Longer addresses than any page of ours links to would fill the memory with themselves.
ADDRESS_MAX = 500
# The longest name of a host (RFC 1035, 2.3.4), a dot and a port.
HOST_MAX = 260
HOSTS_MAX = 10_000
# A page's headers, numbers and places in tables, in bytes, beside what it says.
OVERHEAD = 4_000
_HOST = re.compile(r"([A-Za-z0-9.-]*[A-Za-z0-9-])(?::[0-9]{1,5})?")
# A write that could not reach Valkey would show late; never later than this.
TTL_SECONDS = 60


def public_page(view: View) -> View:
    """Mark a page as the same for everybody: browsers ask whether it changed, we keep it.

    The version is read before the page is made: a write in between makes the page old, not wrong.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        version = current_or_new(connection.schema_name)
        if version is None or request.method != "GET" or not _is_strangers(request):
            response = view(request, *args, **kwargs)
        else:
            made = partial(view, request, *args, **kwargs)
            response = standby.read_there(connection.schema_name, made)
        if response.status_code == 200:
            response["Cache-Control"] = "public, no-cache"
            # Inside a transaction it may show what will be rolled back.
            if version is not None and not database.in_atomic_block:
                request.META[VERSION] = version
        return response

    return marked


def _is_strangers(request: HttpRequest) -> bool:
    """Tell whether nobody known asks: what the desk sees comes from the primary."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "Authorization" not in (
        request.headers
    )


class Asked(NamedTuple):
    """What tells one page from another."""

    host: str
    # As the web server and as a proxy before it say it.
    schemes: tuple[str, str]
    path: str
    query: str


class Key(NamedTuple):
    """Where a page lies in memory: for all names of a district's host the same one."""

    schema: str
    schemes: tuple[str, str]
    path: str
    query: str


@dataclass(frozen=True)
class Form:
    """A page as it is sent: plain, or packed in one of the ways that browsers know."""

    headers: Headers
    etag: str
    body: bytes


@dataclass(frozen=True)
class Page:
    """A whole answer in all its forms, and what it was made from."""

    version: Version
    forms: Mapping[str, Form]
    # What it takes in memory, with its key.
    size: int


class PageCache:
    """A WSGI application in front of another one."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        count: Callable[[str], None] = lambda schema: None,
    ) -> None:
        """``count`` gets the schema of each page that comes from memory."""
        self.application = application
        self.count = count
        self.pages: TTLCache[Key, Page] = TTLCache(
            BYTES_MAX, TTL_SECONDS, getsizeof=lambda page: page.size
        )
        # What a host's pages were last made from, which says its district as well.
        self.hosts: TTLCache[str, Version] = TTLCache(HOSTS_MAX, TTL_SECONDS)
        self.lock = threading.Lock()
        self.watch = Watch()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer from memory where nothing changed, else ask Django and keep what it says."""
        asked = _asked(environ)
        if asked is None:
            return self.application(environ, start_response)
        page = self._kept(asked, self.watch.current)
        if page is not None:
            environ[VERSION] = page.version
            return self._answer(page, environ, start_response)
        return self._ask(asked, environ, start_response)

    def at_once(
        self,
        environ: dict[str, Any],
        start_response: Any,
        current: Callable[[str], Version | None],
    ) -> Page | None:
        """Answer from memory without ever waiting; return the page, or None where none is known.

        ``current`` tells the version of a schema's pages now, as far as it knows without asking.
        ``start_response`` gets status, headers and the content.
        """
        asked = _asked(environ)
        page = None if asked is None else self._kept(asked, current)
        if page is not None:
            said: list[Any] = []
            chunks = self._answer(page, environ, lambda *words: said.extend(words))
            start_response(*said, b"".join(chunks))
        return page

    def _answer(self, page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.count(page.version.schema)
        return _answer(page, environ, start_response)

    def _kept(self, asked: Asked, current: Callable[[str], Version | None]) -> Page | None:
        """Return the page if neither it nor what the host stands for has changed since."""
        with self.lock:
            known = self.hosts.get(asked.host)
            page = known and self.pages.get(Key(known.schema, *asked[1:]))
        if not page or not known or page.version != known:
            return None
        return page if current(known.schema) == known else None

    def _keep(self, asked: Asked, page: Page) -> None:
        with self.lock:
            if page.size <= BYTES_MAX:
                self.pages[Key(page.version.schema, *asked[1:])] = page
                self.hosts[asked.host] = page.version

    def _ask(self, asked: Asked, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, error: Any = None) -> None:
            said.append((status, headers))

        chunks = self.application(environ, listen)
        status, headers = said[-1]
        version = environ.get(VERSION)
        if version is None or not status.startswith("200") or _has(headers, "set-cookie"):
            start_response(status, headers)
            return chunks
        body = b"".join(chunks)
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
        page = _page(version, headers, body, asked)
        if environ["REQUEST_METHOD"] == "GET":
            self._keep(asked, page)
        return _answer(page, environ, start_response)


def _page(version: Version, headers: Headers, body: bytes, asked: Asked) -> Page:
    """Return a page in all its forms, each with a tag of its own (RFC 9110, 8.8.3.3)."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    vary = ", ".join([value for name, value in headers if name.lower() == "vary"])
    common = [
        (name, value) for name, value in headers if name.lower() not in ("vary", "content-length")
    ]
    common.append(("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"))
    forms = {}
    for name, content in packed(body).items():
        etag = f'"{tag}-{name}"' if name else f'"{tag}"'
        own = [("Content-Encoding", name)] if name else []
        length = ("Content-Length", str(len(content)))
        forms[name] = Form([*common, *own, length, ("ETag", etag)], etag, content)
    size = sum(len(form.body) for form in forms.values()) + OVERHEAD
    size += sum(len(name) + len(value) for name, value in headers)
    return Page(version, forms, size + len(asked.path) + len(asked.query))


def _has(headers: Sequence[tuple[str, str]], name: str) -> bool:
    return any(header.lower() == name for header, _value in headers)


def _asked(environ: dict[str, Any]) -> Asked | None:
    """Return which page is asked for; None for whoever is known here, and for no host of ours."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return None
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > ADDRESS_MAX:
        return None
    if settings.SESSION_COOKIE_NAME in _cookies(environ.get("HTTP_COOKIE", "")):
        return None
    host = _host(environ.get("HTTP_HOST", ""))
    if host is None:
        return None
    return Asked(
        host,
        (
            environ.get("wsgi.url_scheme", ""),
            _forwarded_scheme(environ.get("HTTP_X_FORWARDED_PROTO", "")),
        ),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
    )


def _host(header: str) -> str | None:
    """Return a host's one name, without its port, which no page shows; None for what is none.

    Everything else that a visitor may write for the same host is answered by Django, unkept.
    """
    match = _HOST.fullmatch(header) if len(header) <= HOST_MAX else None
    return match[1].lower() if match else None


def _forwarded_scheme(header: str) -> str:
    """Return what TrustedProxyMiddleware makes of ``X-Forwarded-Proto``, and nothing else."""
    scheme = header.partition(",")[0].strip().lower() if header else ""
    return scheme if scheme in ("http", "https") else ""


def _cookies(header: str) -> set[str]:
    """Return the names of the cookies that were brought, read as Django reads them."""
    return set(parse_cookie(header)) if header else set()


def _answer(page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with a page, or with 304 where the visitor already has it (RFC 9110, 13.1.2)."""
    form = page.forms.get(wished(environ.get("HTTP_ACCEPT_ENCODING", ""))) or page.forms[PLAIN]
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known:
        etags = {etag.removeprefix("W/") for etag in parse_etags(known)}
        if form.etag in etags or "*" in etags:
            kept = [h for h in form.headers if h[0].lower() in ("cache-control", "vary", "etag")]
            start_response("304 Not Modified", kept)
            return [b""]
    start_response("200 OK", [*form.headers])
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]
