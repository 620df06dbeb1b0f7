"""The way in: what granian calls for every request, on its event loop.

Pages from memory are answered here at once. Everything else gets one of a few threads, and only
once its body is there: who sends slowly holds none.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

from granian.rsgi import ProtocolClosed
from redis.exceptions import RedisError

from wiq.page_cache.cache import VERSION, PageCache
from wiq.page_cache.version import Ear, Subscription
from wiq.serving.asked_often import AskedOften, address_of_stranger
from wiq.serving.bodies import AGAIN, IN_MEMORY, PLACES, REFUSED, Bodies
from wiq.serving.environ import environ_of_address, may_have_body, status_code, wsgi_environ

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
# As many as there are connections to the database (WIQ_DB_POOL).
THREADS = 4
# A longer answer is sent in parts.
AT_ONCE_BYTES = 2_500_000
PART_BYTES = 262_144
# A visitor who takes a part no sooner has gone, or wants to hold the thread that sends it.
PART_SECONDS = 30.0
# After a try to listen that failed.
PAUSE_SECONDS = 1.0
# What proxies ask before they send anybody here; none of them lets visitors ask it.
READY_PATH = "/intern/bereit/"
# How long somebody waits here, without a thread, for a district that is just being brought to this
# version, and how often it is looked for meanwhile.
PATIENCE_SECONDS, LOOK_SECONDS = 45.0, 0.5


class Front:
    """An RSGI application in front of a WSGI one."""

    def __init__(
        self,
        application: Application,
        memory: PageCache,
        fits: Callable[[], bool] = lambda: True,
    ) -> None:
        """``memory`` is the one that ``application`` itself answers from and fills.

        ``fits`` tells, in a thread, whether what all districts share is of this version; until
        then proxies send nobody here.
        """
        self.fits, self.fitting, self.looking = fits, False, False
        # How many wait for their district.
        self.patient = 0
        self.application = application
        self.memory = memory
        self.bodies = Bodies()
        self.ear = Ear()
        self.often = AskedOften(memory.count)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")
        self.next_try = 0.0
        # Connections end with their next answer.
        self.closing = False
        # This server takes nobody any more, and still answers whoever comes.
        self.leaving = False

    def close_connections(self, *signal: Any) -> None:
        """Let every connection end with its next answer: this process will end soon."""
        self.closing = True

    def leave(self, *signal: Any) -> None:
        """Let proxies send nobody here any more: this server will end soon."""
        self.closing = self.leaving = True

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a request."""
        if scope.path == READY_PATH:
            self._say_whether_ready(protocol)
            return
        if not self.closing and self._from_memory(scope, protocol):
            return
        environ = wsgi_environ(scope)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            size = await self.bodies.receive(environ, protocol, body)
            try:
                loop = asyncio.get_running_loop()
                self._listen(loop)
                since = self.ear.heard()
                environ = await self._answered(environ, protocol, loop)
            finally:
                self.bodies.let_go(size)
        if version := environ.get(VERSION):
            self.ear.learn(version, since)

    def _say_whether_ready(self, protocol: Any) -> None:
        """Answer a proxy, without a thread: also while all of them are busy."""
        code, word = 200, "ready"
        if self.leaving:
            code, word = 503, "leaving"
        elif not self.fitting:
            code, word = 503, "waiting for migrate_districts"
            self._look_whether_it_fits()
        headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
        if self.closing:
            headers.append(("Connection", "close"))
        protocol.response_str(code, headers, word)

    def _look_whether_it_fits(self) -> None:
        """Look in a thread; the next who asks hears what was found."""
        if self.looking:
            return
        self.looking = True

        def note(looked: "asyncio.Future[bool]") -> None:
            self.looking = False
            self.fitting = not looked.cancelled() and looked.result()

        looking = asyncio.get_running_loop().run_in_executor(self.threads, self.fits)
        looking.add_done_callback(note)

    def _from_memory(self, scope: Any, protocol: Any) -> bool:
        """Answer at once if the page is in memory, and tell whether it was."""
        if scope.method not in ("GET", "HEAD"):
            return False
        address = address_of_stranger(scope)
        if address is not None and self.often.answer(address, protocol, self.ear):
            return True
        said: list[Any] = []
        page = self.memory.at_once(
            environ_of_address(scope), lambda *words: said.extend(words), self.ear.current
        )
        if page is None:
            return False
        _send_whole(protocol, *said)
        if address is not None:
            _status, headers, body = said
            left = self.ear.today.seconds_left()
            self.often.note(address, page.version, headers, body, left)
        return True

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to hear of renewed pages; a thread waits for the subscription."""
        if self.ear.hears() or loop.time() < self.next_try:
            return
        self.next_try = loop.time() + PAUSE_SECONDS
        waiting = loop.run_in_executor(self.threads, _subscription)
        waiting.add_done_callback(self._subscribed)

    def _subscribed(self, waited: "asyncio.Future[Subscription | None]") -> None:
        found = None if waited.cancelled() else waited.result()
        if found is not None and not self.ear.hears():
            self.ear.listen(found)

    async def _answered(
        self, asked: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop
    ) -> dict[str, Any]:
        """Let Django answer, once the request's district is of this version if that comes soon.

        Returns the environment as Django left it.
        """
        end = loop.time() + PATIENCE_SECONDS
        while True:
            environ = dict(asked)
            last = self.closing or self.patient >= PLACES or loop.time() > end
            work = partial(self._answer, environ, protocol, loop, last=last)
            if await loop.run_in_executor(self.threads, work):
                return environ
            self.patient += 1
            try:
                await asyncio.sleep(LOOK_SECONDS)
            finally:
                self.patient -= 1
            environ["wsgi.input"].seek(0)

    def _answer(
        self,
        environ: dict[str, Any],
        protocol: Any,
        loop: asyncio.AbstractEventLoop,
        *,
        last: bool,
    ) -> bool:
        """Let Django answer, in a thread; tell whether the answer was sent.

        One that asks for another try is sent only if this is the ``last`` one.
        """
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], *error: Any) -> None:
            said.append((status, headers))

        chunks = self.application(environ, listen)
        try:
            if AGAIN in environ and not last:
                return False
            status, headers = said[-1]
            if REFUSED in environ or self.closing:
                # What is left of a refused body is not read as the next request.
                headers = [*headers, ("Connection", "close")]
            _send(protocol, status, headers, chunks, loop)
            return True
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()


def _subscription() -> Subscription | None:
    try:
        return Subscription()
    except (RedisError, OSError):
        return None


def _send_whole(protocol: Any, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
    code = status_code(status)
    if may_have_body(code):
        protocol.response_bytes(code, headers, body)
    else:
        protocol.response_empty(code, headers)


def _send(
    protocol: Any,
    status: str,
    headers: list[tuple[str, str]],
    chunks: Iterable[bytes],
    loop: asyncio.AbstractEventLoop,
) -> None:
    """Send an answer from a thread: whole, or in parts at the visitor's pace if it is long."""
    parts = _parts(chunks, AT_ONCE_BYTES)
    first = next(parts, b"")
    if len(first) < AT_ONCE_BYTES:
        _send_whole(protocol, status, headers, first)
        return
    transport = protocol.response_stream(status_code(status), headers)

    async def send(part: bytes) -> None:
        async with asyncio.timeout(PART_SECONDS):
            await transport.send_bytes(part)

    with suppress(ProtocolClosed, TimeoutError):
        for part in chain((first,), parts):
            asyncio.run_coroutine_threadsafe(send(part), loop).result()


def _parts(chunks: Iterable[bytes], first: int) -> Iterator[bytes]:
    """Yield the content in parts of ``first`` bytes, then of PART_BYTES, at least."""
    gathered: list[bytes] = []
    size, wanted = 0, first
    for chunk in chunks:
        gathered.append(chunk)
        size += len(chunk)
        if size >= wanted:
            yield b"".join(gathered)
            gathered, size, wanted = [], 0, PART_BYTES
    if gathered:
        yield b"".join(gathered)
