"""What the memory of pages keeps, for whom, and until when."""

import gzip
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import brotli
import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from tests.cast import District
from wiq.page_cache import cache as page_cache
from wiq.page_cache import version as page_version
from wiq.page_cache.cache import VERSION, PageCache, public_page

Headers = list[tuple[str, str]]
Answer = tuple[str, dict[str, str], bytes]
PAGE: Headers = [
    ("Content-Type", "text/html"),
    ("Cache-Control", "public, no-cache"),
    ("Vary", "X"),
]


class Counting:
    """An application that numbers its answers, behind the memory of pages."""

    def __init__(self, schema: str, status: str = "200 OK", headers: Headers = PAGE) -> None:
        self.schema, self.status, self.headers = schema, status, headers
        self.long = b""
        self.made = 0
        # The schemas of other hosts than the usual one.
        self.others: dict[str, str] = {}
        self.memory = PageCache(self)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.made += 1
        schema = self.others.get(environ["HTTP_HOST"], self.schema)
        environ[VERSION] = page_version.current_or_new(schema)
        start_response(self.status, [*self.headers])
        return [f"Nummer {self.made}".encode() + self.long]

    def ask(self, path: str = "/", method: str = "GET", **changes: str) -> Answer:
        environ = RequestFactory().generic(method, path).environ
        environ |= {"HTTP_HOST": "nord.localhost"} | changes
        said: list[tuple[str, Headers]] = []
        chunks = self.memory(environ, lambda status, headers, *_: said.append((status, headers)))
        [(status, headers)] = said
        return status, dict(headers), b"".join(chunks)


@pytest.fixture
def pages(nord: District) -> Counting:
    return Counting(nord.row.schema_name)


def test_a_page_is_made_once_for_everybody(pages: Counting) -> None:
    first, again = pages.ask(), pages.ask(HTTP_COOKIE="hell=1")
    assert first == again == ("200 OK", first[1], b"Nummer 1")
    assert pages.made == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", [*PAGE, ("Set-Cookie", "csrf=geheim")]),
        ("200 OK", [*PAGE, ("set-cookie", "csrf=geheim")]),
        ("404 Not Found", PAGE),
        ("302 Found", [*PAGE, ("Location", "/anderswo/")]),
        ("503 Service Unavailable", PAGE),
    ],
)
def test_an_answer_for_one_visitor_or_one_moment_is_not_kept(
    nord: District, status: str, headers: Headers
) -> None:
    pages = Counting(nord.row.schema_name, status, headers)
    assert pages.ask() == (status, dict(headers), b"Nummer 1")
    assert pages.ask() == (status, dict(headers), b"Nummer 2")


KNOWN = [
    {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x"},
    {"HTTP_COOKIE": f"hell=1; {settings.SESSION_COOKIE_NAME}=x"},
    # Where somebody else's cookie is none by the book, Django still finds ours behind it.
    {"HTTP_COOKIE": f"a[b]=1; {settings.SESSION_COOKIE_NAME}=x"},
    {"HTTP_COOKIE": f'{{"a":1}}; x y=1; {settings.SESSION_COOKIE_NAME}=x'},
    {"HTTP_AUTHORIZATION": "Bearer x"},
    {"method": "POST"},
]


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_who_is_known_here_neither_gets_nor_leaves_a_page_in_memory(
    pages: Counting, known: dict[str, str]
) -> None:
    assert pages.ask(**known)[2] == b"Nummer 1"
    assert pages.ask()[2] == b"Nummer 2"
    assert pages.ask(**known)[2] == b"Nummer 3"
    assert pages.ask()[2] == b"Nummer 2"


@pytest.mark.parametrize(
    "other",
    [
        {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_HOST": "sued.localhost"},
        {"PATH_INFO": "/en/"},
        {"QUERY_STRING": "seite=2"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_address_is_another_page(
    pages: Counting, sued: District, other: dict[str, str]
) -> None:
    pages.others = {"sued.localhost": sued.row.schema_name}
    assert pages.ask()[2] == b"Nummer 1"
    assert pages.ask(**other)[2] == b"Nummer 2"
    assert pages.ask()[2] == b"Nummer 1"
    assert pages.ask(**other)[2] == b"Nummer 2"


@pytest.mark.parametrize(
    "host",
    ["NORD.localhost", "nord.localhost:8000", "nord.localhost:08000", "nord.localhost:65535"],
)
def test_a_host_has_one_page_however_it_is_written(pages: Counting, host: str) -> None:
    assert pages.ask()[2] == pages.ask(HTTP_HOST=host)[2] == b"Nummer 1"
    assert len(pages.memory.pages) == len(pages.memory.hosts) == 1


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_HOST": "nord.localhost:" + "0" * 200_000 + "80"},
        {"HTTP_HOST": "nord.localhost" + "." * 50},
        {"HTTP_HOST": "nord.localhost."},
        {"HTTP_HOST": ""},
    ],
    ids=["200 KB of zeros", "dots", "a dot", "none"],
)
def test_a_host_that_is_written_like_no_other_adds_nothing(
    pages: Counting, header: dict[str, str]
) -> None:
    pages.ask(**header)
    assert (len(pages.memory.pages), len(pages.memory.hosts)) == (0, 0)


def test_whatever_a_proxy_says_of_the_scheme_adds_no_more_than_two(pages: Counting) -> None:
    for word in ("https", "http", "HTTPS, http", "x" * 9000, "gopher", "1", "2", "3"):
        pages.ask(HTTP_X_FORWARDED_PROTO=word)
    assert len(pages.memory.pages) == 3


def test_everything_that_a_page_takes_counts(pages: Counting) -> None:
    pages.long = os.urandom(1_000_000)
    for number in range(12):
        pages.ask(QUERY_STRING=f"n={number}")
    kept = pages.memory.pages
    # Plain, br and gzip: three megabytes each.
    assert len(kept) == 5
    assert kept.currsize > sum(
        len(key.path + key.query) + sum(len(form.body) for form in page.forms.values())
        for key, page in kept.items()
    )


def test_a_host_that_was_given_to_another_district_shows_nothing_of_the_first(
    pages: Counting, sued: District
) -> None:
    pages.ask(HTTP_HOST="umzug.localhost")
    pages.others = {"umzug.localhost": sued.row.schema_name}
    # What every change of a district does (tenants.districts.lookup).
    page_version.renew(pages.schema)
    assert pages.ask()[2] == b"Nummer 2"
    assert pages.ask(HTTP_HOST="umzug.localhost")[2] == b"Nummer 3"


@pytest.mark.parametrize(
    ("wish", "form", "unpacked"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("GZIP", "gzip", gzip.decompress),
        ("gzip;q=0", None, bytes),
        ("deflate", None, bytes),
        ("", None, bytes),
        ("br" + "," * 300, None, bytes),
    ],
)
def test_a_page_is_sent_packed_as_the_browser_takes_it(
    pages: Counting, wish: str, form: str | None, unpacked: Callable[[bytes], bytes]
) -> None:
    pages.long = b" und noch ein Satz" * 500
    plain = pages.ask()[2]
    status, headers, body = pages.ask(HTTP_ACCEPT_ENCODING=wish)
    assert (status, unpacked(body), pages.made) == ("200 OK", plain, 1)
    assert headers.get("Content-Encoding") == form
    assert headers["Vary"] == "X, Accept-Encoding"
    assert headers["Content-Length"] == str(len(body))
    asks = {"HTTP_ACCEPT_ENCODING": wish, "HTTP_IF_NONE_MATCH": headers["ETag"]}
    assert pages.ask(**asks)[0] == "304 Not Modified"
    if form:
        assert pages.ask(HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "200 OK"
        assert len(body) < len(plain) / 10


@pytest.mark.parametrize(("length", "made"), [(500, 1), (501, 2)])
def test_an_address_longer_than_any_of_ours_fills_no_memory(
    pages: Counting, length: int, made: int
) -> None:
    address = {"PATH_INFO": "/", "QUERY_STRING": "x" * (length - 1)}
    pages.ask(**address)
    pages.ask(**address)
    assert pages.made == made


def by_write(pages: Counting) -> None:
    page_version.renew(pages.schema)


def by_change_of_a_district(pages: Counting) -> None:
    page_version.renew_everything()


@pytest.mark.parametrize("renew", [by_write, by_change_of_a_district])
def test_a_write_makes_the_next_page_anew_and_one_elsewhere_does_not(
    pages: Counting, sued: District, renew: Callable[[Counting], None]
) -> None:
    pages.ask()
    page_version.renew(sued.row.schema_name)
    assert pages.ask()[2] == b"Nummer 1"
    renew(pages)
    assert pages.ask()[2] == b"Nummer 2"


def test_a_page_of_yesterday_is_made_anew(pages: Counting) -> None:
    midnight = datetime(2026, 5, 5, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    for offset, number in ((-20, 1), (-1, 1), (0, 2)):
        with time_machine.travel(midnight + offset, tick=False):
            assert pages.ask()[2] == f"Nummer {number}".encode()


def test_a_page_is_kept_for_a_minute_at_most() -> None:
    kept = PageCache(lambda environ, start_response: []).pages
    assert (kept.ttl, kept.maxsize) == (60, 16_000_000)
    assert kept.maxsize == page_cache.BYTES_MAX


def test_who_asks_for_the_head_alone_gets_no_page_and_leaves_none(pages: Counting) -> None:
    assert pages.ask(method="HEAD")[2] == b""
    assert pages.ask()[2] == b"Nummer 2"
    status, headers, body = pages.ask(method="HEAD")
    assert (status, body, pages.made) == ("200 OK", b"", 2)
    assert headers["ETag"] == pages.ask()[1]["ETag"]


def test_who_has_the_page_is_told_so_with_what_may_be_done_with_it(pages: Counting) -> None:
    etag = pages.ask()[1]["ETag"]
    kept = {"Cache-Control": "public, no-cache", "Vary": "X, Accept-Encoding", "ETag": etag}
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        assert pages.ask(HTTP_IF_NONE_MATCH=known) == ("304 Not Modified", kept, b"")
    assert pages.ask(HTTP_IF_NONE_MATCH='"x"')[0] == "200 OK"


@pytest.mark.parametrize(("status", "said"), [(200, "public, no-cache"), (404, None), (302, None)])
def test_a_public_page_is_public_where_there_is_one(
    nord: District, rf: RequestFactory, status: int, said: str | None
) -> None:
    view = public_page(lambda request: HttpResponse(status=status))
    with nord.inside():
        assert view(rf.get("/")).get("Cache-Control") == said
