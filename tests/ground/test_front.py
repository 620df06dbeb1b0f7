"""The way in, by itself: who waits for a district, and when proxies send somebody here."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.ground.test_bodies import Headers
from wiq.page_cache.cache import PageCache
from wiq.serving import front
from wiq.serving.bodies import AGAIN
from wiq.serving.front import READY_PATH, Front


class Found(Headers):
    """Headers that are looked for by their names."""

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


class Protocol:
    """What granian gives for the answer; keeps it."""

    def __init__(self, body: bytes = b"") -> None:
        self.body, self.said = body, []  # type: tuple[bytes, list[Any]]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body

    def response_bytes(self, code: int, headers: Any, body: bytes) -> None:
        self.said.append((code, dict(headers), body))

    def response_str(self, code: int, headers: Any, body: str) -> None:
        self.said.append((code, dict(headers), body))


def scope(path: str, method: str = "GET", length: int = 0) -> Any:
    headers = [("host", "nord.localhost")]
    if length:
        headers.append(("content-length", str(length)))
    return SimpleNamespace(
        client="127.0.0.1:1234", server="127.0.0.1:8000", scheme="http", http_version="1.1",
        method=method, path=path, query_string="", authority=None, headers=Found(*headers),
    )  # fmt: skip


class Platform:
    """A WSGI application whose district is not of this version for some requests."""

    def __init__(self, turns: int) -> None:
        self.turns, self.bodies = turns, []  # type: tuple[int, list[bytes]]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        # As a middleware does that knows who really asks.
        assert environ.pop("REMOTE_ADDR") == "127.0.0.1"
        self.turns -= 1
        if self.turns >= 0:
            environ[AGAIN] = True
        start("503 Later" if self.turns >= 0 else "200 OK", [])
        return [b"later" if self.turns >= 0 else b"here"]


def ask(way_in: Front, asked: Any, body: bytes = b"") -> list[Any]:
    protocol = Protocol(body)
    asyncio.run(way_in.__rsgi__(asked, protocol))
    return protocol.said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "LOOK_SECONDS", 0.01)
    # Nobody is renewed here.
    monkeypatch.setattr(Front, "_listen", lambda self, loop: None)


def way_in(platform: Platform, **words: Any) -> Front:
    return Front(platform, PageCache(platform, lambda *word: None), **words)


def test_whoever_comes_before_a_district_is_ready_waits_and_is_answered_with_the_same_body() -> (
    None
):
    platform = Platform(turns=3)
    said = ask(way_in(platform), scope("/kontakt/", "POST", 5), b"Hallo")
    assert [(code, body) for code, _headers, body in said] == [(200, b"here")]
    assert platform.bodies == [b"Hallo"] * 4


def test_nobody_waits_for_ever_nor_where_too_many_do(monkeypatch: pytest.MonkeyPatch) -> None:
    crowded = way_in(Platform(turns=9))
    crowded.patient = front.PLACES
    assert ask(crowded, scope("/"))[0][2] == b"later"
    monkeypatch.setattr(front, "PATIENCE_SECONDS", 0.0)
    platform = Platform(turns=9)
    assert ask(way_in(platform), scope("/"))[0][:1] == (503,)
    assert len(platform.bodies) <= 2


def test_proxies_send_somebody_here_once_the_public_schema_fits_and_until_the_server_leaves() -> (
    None
):
    fits = [False, True]
    way = way_in(Platform(0), fits=lambda: fits.pop(0))

    async def asked_five_times() -> list[int]:
        protocol = Protocol()
        for turn in range(5):
            if turn == 4:
                way.leave()
            await way.__rsgi__(scope(READY_PATH), protocol)
            await asyncio.sleep(0.05)
        return [code for code, _headers, _word in protocol.said]

    assert asyncio.run(asked_five_times()) == [503, 503, 200, 200, 503]
    [(code, headers, _body)] = ask(way, scope("/"))
    assert (code, headers["Connection"]) == (200, "close")
