"""Bodies are awaited before a thread is taken: at a minimum rate, within a limit, not too many."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from tests.cast import District
from wiq.serving import bodies
from wiq.serving.bodies import REFUSED, Bodies
from wiq.serving.environ import environ_of_address, wsgi_environ

KNOWN = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x"}
FILMS = "/koordination/videos/video/add/"


async def sent(*chunks: bytes, pause: float = 0.0, ends: bool = True) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
        await asyncio.sleep(pause)
    if not ends:
        await asyncio.Event().wait()


def post(length: int | None, path: str = "/kontakt/", **more: str) -> dict[str, Any]:
    size = (
        {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": str(length)}
    )
    return {"REQUEST_METHOD": "POST", "PATH_INFO": path} | size | more


def receive(environ: dict[str, Any], chunks: AsyncIterator[bytes]) -> bytes:
    body = BytesIO()
    asyncio.run(Bodies().receive(environ, chunks, body))
    assert environ["wsgi.input"] is body
    return body.read()


def test_a_body_is_there_whole_before_django_is_asked() -> None:
    environ = post(6)
    assert receive(environ, sent(b"abc", b"", b"def")) == b"abcdef"
    assert REFUSED not in environ


def test_one_in_chunks_gets_the_length_that_it_had() -> None:
    environ = post(None)
    assert receive(environ, sent(b"abc", b"def")) == b"abcdef"
    assert environ["CONTENT_LENGTH"] == "6"
    assert "HTTP_TRANSFER_ENCODING" not in environ
    endless = post(None)
    receive(endless, sent(*[b"x" * 100_000] * 11, ends=False))
    assert endless[REFUSED] == 413


@pytest.mark.parametrize("length", ["", "0", "00", "-1", "x"])
def test_nothing_is_awaited_where_nothing_is_announced(length: str) -> None:
    environ = post(0) | {"CONTENT_LENGTH": length}
    assert receive(environ, sent(b"x", ends=False)) == b""


@pytest.mark.parametrize(
    ("environ", "awaited"),
    [
        (post(1_000_000), True), (post(1_000_001), False), (post(1_000_001, **KNOWN), False),
        (post(6_000_000, FILMS), True), (post(6_000_001, FILMS), False),
        (post(61_000_000, FILMS, **KNOWN), True), (post(61_000_001, FILMS, **KNOWN), False),
        (post(61_000_000, f"/en{FILMS}", **KNOWN), True),
    ],
)  # fmt: skip
def test_what_is_too_long_for_its_page_is_not_read(environ: dict[str, Any], awaited: bool) -> None:
    assert bool(receive(environ, sent(b"abc"))) is awaited


def test_a_body_that_trickles_is_given_up_and_a_slow_film_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(bodies, "BYTES_A_SECOND", 1000)
    for chunks in (sent(*[b"x"] * 99, pause=0.05), sent(ends=False), sent(b"x", ends=False)):
        trickling = post(900_000)
        receive(trickling, chunks)
        assert trickling[REFUSED] == 408
    film = post(900_000)
    assert len(receive(film, sent(*[b"x" * 100] * 10, pause=0.05))) == 1000
    assert REFUSED not in film


def test_where_too_many_wait_the_slowest_goes_and_who_is_quick_gets_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "PLACES", 3)

    async def scene() -> list[Any]:
        here = Bodies()
        waiting = [post(500_000), post(500_000), post(500_000)]
        pieces = (b"x" * 5000, b"x", b"x" * 4000)
        tasks = [
            asyncio.create_task(here.receive(each, sent(piece, ends=False), BytesIO()))
            for each, piece in zip(waiting, pieces, strict=True)
        ]
        await asyncio.sleep(0.1)
        early, late = post(5), post(5)
        await here.receive(early, sent(b"hallo"), BytesIO())
        await asyncio.sleep(1.1)
        await here.receive(late, sent(b"hallo"), answer := BytesIO())
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        given_up = [each.get(REFUSED) for each in waiting]
        return [early.get(REFUSED), answer.read(), late.get(REFUSED), given_up]

    assert asyncio.run(scene()) == [503, b"hallo", None, [None, 408, None]]


class Headers:
    """What a visitor sends, as granian gives it: a name may be there twice."""

    def __init__(self, *headers: tuple[str, str]) -> None:
        self.all = headers

    def items(self) -> tuple[tuple[str, str], ...]:
        return self.all

    def get(self, name: str) -> str | None:
        return next((value for found, value in self.all if found == name), None)

    def get_all(self, name: str) -> list[str]:
        return [value for found, value in self.all if found == name]


def test_all_bodies_together_hold_no_more_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "ROOM_BYTES", 1_500)

    async def three_after_another() -> list[Any]:
        room = Bodies()
        refused, sizes = [], []
        for turn in range(3):
            environ = post(1_000)
            sizes.append(await room.receive(environ, sent(b"x" * 500, b"x" * 500), BytesIO()))
            refused.append(environ.get(REFUSED))
            if turn == 1:
                for size in sizes:
                    room.let_go(size)
        return [*refused, room.kept]

    assert asyncio.run(three_after_another()) == [None, 503, None, 1_000]


def test_a_request_is_written_as_django_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_FROM_OUTSIDE", "geheim")
    scope = SimpleNamespace(
        client="[2001:db8::7]:1234", server="127.0.0.1:8000", scheme="http", http_version="1.1",
        method="GET", path="/straße/", query_string="q=%C3%A4", authority=None,
        headers=Headers(
            ("host", "nord.localhost"), ("cookie", "a=1"), ("cookie", "b=2"),
            ("x-forwarded-for", "198.51.100.1"), ("accept-encoding", "br"), ("if-none-match", "*"), ("x-forwarded-for", "198.51.100.2"),
            ("x_forwarded_for", "203.0.113.9"), ("content-type", "text/plain"),
        ),
    )  # fmt: skip
    environ = wsgi_environ(scope)
    assert environ_of_address(scope).items() <= environ.items()
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/straße/"
    assert environ["REMOTE_ADDR"] == "2001:db8::7"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    # A name with an underscore passes no proxy's care for the other one.
    assert environ["HTTP_X_FORWARDED_FOR"] == "198.51.100.1,198.51.100.2"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert "geheim" not in environ.values()


def test_a_refused_body_is_answered_in_words(nord: District) -> None:
    for status, words in ((408, "nicht vollständig bei uns angekommen"), (503, "nicht erreichbar")):
        page = nord.client().post("/kontakt/", {}, **{REFUSED: status})
        assert page.status_code == status
        assert words in page.content.decode()
    answer = nord.client().post("/api/v1/contact-requests/", {}, **{REFUSED: 408})
    assert answer.json()["errors"][0]["code"] == "timeout"
