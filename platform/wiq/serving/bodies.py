"""Waiting for the bodies of requests, before a thread is taken for them.

A body that trickles holds nothing but its connection: it is gathered on the event loop, has to come
at a minimum rate (so that a film over a slow line still arrives), and where too many wait the
slowest one has to go (docs/decisions/0050-bodies.md).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any

from wiq.serving.limits import longest_body, may_upload

# A body has to be ahead of this line: so many seconds for a start, then so many bytes a second.
GRACE_SECONDS = 10.0
BYTES_A_SECOND = 1_000
# How many bodies a process awaits at once.
PLACES = 200
# How many bytes all bodies of a process may hold until they are answered: whoever shows any cookie
# may send as much as a film, and what they lie on is small (docker-compose.yml, tmpfs).
ROOM_BYTES = 250_000_000
# Larger ones lie in a file, not in memory.
IN_MEMORY = 65_536
# What the middleware answers a request with whose body did not come (wiq.middleware).
REFUSED = "wiq.refused"
# What a middleware notes where a request was not looked at, and is worth another try soon.
AGAIN = "wiq.again"


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(eq=False)
class _Waiting:
    """A body that is on its way."""

    deadline: asyncio.Timeout
    # In the event loop's time, as the deadline.
    began: float
    received: int = 0

    def came(self, count: int) -> None:
        """Count bytes, and put off the end accordingly."""
        self.received += count
        if not self.deadline.expired():
            self.deadline.reschedule(self.began + GRACE_SECONDS + self.received / BYTES_A_SECOND)

    def rate(self) -> float:
        """Return how many bytes a second came so far."""
        return self.received / (_now() - self.began + 0.1)

    def give_up(self) -> None:
        """End the wait at once."""
        self.deadline.reschedule(_now())


class Bodies:
    """The bodies that this process waits for."""

    def __init__(self) -> None:
        self.waiting: set[_Waiting] = set()
        # Bytes of those that have come and are not answered yet.
        self.kept = 0

    async def receive(
        self, environ: dict[str, Any], protocol: AsyncIterator[bytes], body: IO[bytes]
    ) -> int:
        """Wait for a request's body, write it into ``body``, and put that into its environment.

        Returns how many bytes it holds; ``let_go`` of them once the request is answered.

        What does not come is noted there as the status to answer with: 408 for a body that is too
        slow, 413 for one in chunks that is too long, 503 where nobody is slower or no room is
        left. One that is too long by its own word is not awaited at all: Django refuses it by that.
        """
        environ["wsgi.input"] = body
        chunked = "chunked" in environ.pop("HTTP_TRANSFER_ENCODING", "").lower()
        length = environ.get("CONTENT_LENGTH", "")
        if not chunked and (not length.isdecimal() or length.strip("0") == ""):
            return 0
        most = longest_body(environ["PATH_INFO"], may_upload=may_upload(environ))
        if not chunked and int(length) > most:
            return 0
        refused = await self._gather(protocol, body, most)
        if refused is not None:
            environ[REFUSED] = int(refused)
        elif chunked:
            environ["CONTENT_LENGTH"] = str(body.tell())
        size = body.tell()
        self.kept += size
        body.seek(0)
        return size

    def let_go(self, size: int) -> None:
        """Give back the room of a body whose request is answered."""
        self.kept -= size

    async def _gather(
        self, protocol: AsyncIterator[bytes], body: IO[bytes], most: int
    ) -> HTTPStatus | None:
        if not self._find_place():
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            async with asyncio.timeout(GRACE_SECONDS) as deadline:
                waiting = _Waiting(deadline, _now())
                self.waiting.add(waiting)
                try:
                    async for chunk in protocol:
                        waiting.came(len(chunk))
                        if waiting.received > most:
                            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                        if self._held() > ROOM_BYTES:
                            return HTTPStatus.SERVICE_UNAVAILABLE
                        body.write(chunk)
                finally:
                    self.waiting.discard(waiting)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        return None

    def _held(self) -> int:
        return self.kept + sum(each.received for each in self.waiting)

    def _find_place(self) -> bool:
        """Tell whether one more may wait; where all places are taken, the slowest one gives up."""
        if len(self.waiting) < PLACES:
            return True
        old = [each for each in self.waiting if _now() - each.began > 1]
        if not old:
            return False
        slowest = min(old, key=_Waiting.rate)
        with suppress(RuntimeError):  # it is just ending by itself
            slowest.give_up()
        self.waiting.discard(slowest)
        return True
