"""How much a request may weigh, whom a proxy may speak for, and in what language it is answered."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.cast import District
from wiq.middleware import (
    RequestLimitsMiddleware,
    TrustedProxyMiddleware,
    UploadLimitMiddleware,
)

BODY_LIMIT, PICTURE_LIMIT = 1_000_000, 6_000_000
FILMS = "/koordination/videos/video/add/"


def weighing(path: str, length: str | int, body: bytes = b"") -> WSGIRequest:
    environ = RequestFactory().post(path).environ
    environ |= {"CONTENT_LENGTH": str(length), "wsgi.input": io.BytesIO(body)}
    return WSGIRequest(environ)


def status(request: WSGIRequest) -> int:
    return RequestLimitsMiddleware(lambda request: HttpResponse("gut"))(request).status_code


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/koordination/people/person/add/", 6_000_000),
        ("/plattform/districts/district/add/", 6_000_000),
        (FILMS, 61_000_000),
        ("/api/v1/inbound/", 26_214_400),
        ("/en/kontakt/", BODY_LIMIT),
        ("/api/v1/koordination/", BODY_LIMIT),
    ],
)
def test_a_body_may_weigh_as_much_as_its_page_takes_and_no_byte_more(path: str, limit: int) -> None:
    assert django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE == BODY_LIMIT
    body = b"x" * limit if limit == BODY_LIMIT else b""
    assert status(weighing(path, limit, body)) == 200
    assert status(weighing(path, limit + 1)) == 413


@pytest.mark.parametrize("length", ["viel", "1e3", "1,5"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert status(weighing("/kontakt/", length)) == 400


@pytest.mark.parametrize("path", ["/%00", "/menschen/a%00b/", "/?x=%00"])
def test_no_address_holds_a_nul(nord: District, path: str) -> None:
    assert nord.client().get(path).status_code == 400


@pytest.mark.parametrize(
    ("length", "signed_in", "expected"),
    [
        (PICTURE_LIMIT, False, 200),
        (PICTURE_LIMIT + 1, False, 413),
        (PICTURE_LIMIT + 1, True, 200),
    ],
)
def test_what_only_a_film_may_weigh_is_taken_from_whoever_is_signed_in(
    length: int, signed_in: bool, expected: int
) -> None:
    request: Any = weighing(FILMS, length)
    request.user = SimpleNamespace(is_authenticated=signed_in)
    middleware = UploadLimitMiddleware(lambda request: HttpResponse("gut"))
    assert middleware(request).status_code == expected


@pytest.mark.parametrize(
    ("remote", "forwarded", "protocol", "expected"),
    [
        ("10.0.0.1", "2001:db8::7", "HTTPS", ("2001:db8::7", "https")),
        ("2001:db8:ffff::1", "203.0.113.1", " https ", ("203.0.113.1", "https")),
        ("2001:db8:fffe::1", "203.0.113.1", "https", ("2001:db8:fffe::1", "http")),
        # What is no protocol of ours changes nothing.
        ("10.0.0.1", "203.0.113.1", "javascript", ("203.0.113.1", "http")),
        ("11.0.0.1", "203.0.113.1", "https", ("11.0.0.1", "http")),
        # Whoever stands before the first proxy may write whatever before its own address.
        ("10.0.0.1", "10.0.0.9, 203.0.113.1", "https", ("203.0.113.1", "https")),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "https", ("10.0.0.1", "https")),
        # A server that listens to both kinds writes an IPv4 proxy like this.
        ("::ffff:10.0.0.1", "203.0.113.1", "https", ("203.0.113.1", "https")),
    ],
)
def test_a_proxy_of_ours_says_who_asks_and_nobody_elses_does(
    settings: Any, remote: str, forwarded: str, protocol: str, expected: tuple[str, str]
) -> None:
    settings.WIQ_TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48"]
    seen: list[tuple[str, str]] = []

    def view(request: Any) -> HttpResponse:
        seen.append((request.META["REMOTE_ADDR"], request.META["wsgi.url_scheme"]))
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=remote)
    request.META |= {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": protocol}
    TrustedProxyMiddleware(view)(request)
    assert seen == [expected]


def test_a_page_speaks_the_language_of_its_address_whoever_asks(nord: District) -> None:
    english = nord.client(**{"accept-language": "en"})
    english.cookies["django_language"] = "en"
    for path, language in (("/kontakt/", "de"), ("/en/kontakt/", "en")):
        response = english.get(path)
        assert response.headers["Content-Language"] == language
        assert f'<html lang="{language}"' in response.content.decode()
        assert "Accept-Language" not in response.headers.get("Vary", "")


def test_a_cache_tells_the_apis_readers_and_their_languages_apart(nord: District) -> None:
    for client in (nord.client(), nord.client(authorization=f"Bearer {nord.token()}")):
        vary = client.get("/api/v1/teams/").headers["Vary"]
        assert {"Accept-Language", "Authorization"} <= {word.strip() for word in vary.split(",")}


class Chunks(io.BytesIO):
    """A body that arrives in chunks, as a web server hands it on; notes how much was taken."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.taken += len(got)
        return got


@pytest.mark.parametrize("path", ["/kontakt/", "/koordination/", FILMS, f"/en{FILMS}"])
@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (70_000_000, 413)])
def test_a_stranger_fills_no_memory_with_chunks_where_large_files_are_accepted(
    path: str, size: int, status: int
) -> None:
    request = RequestFactory().post(path)
    body = Chunks(b"x" * size)
    request.META |= {
        "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body,
    }  # fmt: skip
    seen: list[int] = []

    def view(asked: Any) -> HttpResponse:
        seen.append(len(asked.body))
        return HttpResponse()

    assert RequestLimitsMiddleware(view)(request).status_code == status
    assert seen == ([size] if status == 200 else [])
    assert body.taken <= BODY_LIMIT + 1
