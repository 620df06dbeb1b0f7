"""Public pages from memory, right at once after every write (docs/decisions/0008-page-cache.md).

Stands in front of Django, because most of a cached answer's time would be Django's own.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from cachetools import TTLCache
from django.conf import settings
from django.db import connection as database
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.utils.http import parse_etags

from wiq.page_cache.version import Version, Watch, current_or_new
from wiq.tenancy import connection

View = Callable[..., HttpResponse]
Headers = list[tuple[str, str]]
VERSION = "wiq.page-version"
BYTES_MAX = 16_000_000
# Longer addresses than any page of ours links to would fill the memory with themselves.
ADDRESS_MAX = 500
# A write that could not reach Valkey would show late; never later than this.
TTL_SECONDS = 60


def public_page(view: View) -> View:
    """Mark a page as the same for everybody: browsers ask whether it changed, we keep it.

    The version is read before the page is made: a write in between makes the page old, not wrong.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        version = current_or_new(connection.schema_name)
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response["Cache-Control"] = "public, no-cache"
            # Inside a transaction it may show what will be rolled back.
            if version is not None and not database.in_atomic_block:
                request.META[VERSION] = version
        return response

    return marked


@dataclass(frozen=True)
class Page:
    """A whole answer and what it was made from."""

    version: Version
    headers: Headers
    etag: str
    body: bytes


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
        self.pages: TTLCache[tuple[str, ...], Page] = TTLCache(
            BYTES_MAX, TTL_SECONDS, getsizeof=lambda page: len(page.body) + 2000
        )
        self.lock = threading.Lock()
        self.watch = Watch()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer from memory where nothing changed, else ask Django and keep what it says."""
        key = _key(environ)
        if key is None:
            return self.application(environ, start_response)
        with self.lock:
            page = self.pages.get(key)
        if page is not None and self.watch.current(page.version.schema) == page.version:
            self.count(page.version.schema)
            return _answer(page, environ, start_response)
        return self._ask(key, environ, start_response)

    def _ask(
        self, key: tuple[str, ...], environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
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
        page = Page(version, headers, f'"{hashlib.sha256(body).hexdigest()[:32]}"', body)
        if environ["REQUEST_METHOD"] == "GET":
            with self.lock:
                self.pages[key] = page
        return _answer(page, environ, start_response)


def _has(headers: Sequence[tuple[str, str]], name: str) -> bool:
    return any(header.lower() == name for header, _value in headers)


def _key(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """Return what tells one page from another; None for whoever is known here."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return None
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > ADDRESS_MAX:
        return None
    if settings.SESSION_COOKIE_NAME in _cookies(environ.get("HTTP_COOKIE", "")):
        return None
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_HOST", "").lower(),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
    )


def _cookies(header: str) -> set[str]:
    """Return the names of the cookies that were brought, read as Django reads them."""
    return set(parse_cookie(header))


def _answer(page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with a page, or with 304 where the visitor already has it (RFC 9110, 13.1.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known:
        etags = {etag.removeprefix("W/") for etag in parse_etags(known)}
        if page.etag in etags or "*" in etags:
            kept = [h for h in page.headers if h[0].lower() in ("cache-control", "vary")]
            start_response("304 Not Modified", [*kept, ("ETag", page.etag)])
            return [b""]
    start_response("200 OK", [*page.headers, ("ETag", page.etag)])
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]
