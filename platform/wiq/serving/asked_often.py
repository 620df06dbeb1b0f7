"""What many strangers ask for in the very same words within a second, ready to be sent.

The memory of pages reads a request's headers with care, which takes longer than sending the answer.
Whoever asks in the words of somebody before gets the same, as long as nothing was renewed since.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wiq.page_cache.version import Ear, Version

Address = tuple[str, ...]
# After so long the memory of pages is asked again, which forgets by rules of its own.
SECONDS = 1.0
ANSWERS_MAX = 64
BYTES_MAX = 100_000
WORDS_MAX = 1_000


@dataclass(frozen=True)
class _Answer:
    version: Version
    until: float
    headers: list[tuple[str, str]]
    body: bytes


def address_of_stranger(scope: Any) -> Address | None:
    """Return everything that decides an answer; None for whoever shows more than an address."""
    headers = scope.headers
    # One by one: this line is passed by every request.
    if (
        scope.method != "GET"
        or "cookie" in headers
        or "authorization" in headers
        or "if-none-match" in headers
    ):
        return None
    get = headers.get
    return (
        # HTTP/2 has the host beside the headers.
        get("host") or scope.authority or "",
        scope.scheme,
        get("x-forwarded-proto") or "",
        scope.path,
        scope.query_string,
        get("accept-encoding") or "",
    )


class AskedOften:
    """Answers by the words in which they were asked for."""

    def __init__(self, count: Callable[[str], None]) -> None:
        """``count`` gets the schema of each page that is sent."""
        self.count = count
        self.answers: dict[Address, _Answer] = {}

    def answer(self, address: Address, protocol: Any, ear: Ear) -> bool:
        """Send the answer to an address if it is known and nothing was renewed; tell whether."""
        found = self.answers.get(address)
        if found is None:
            return False
        if found.until < time.monotonic() or not ear.knows(found.version):
            del self.answers[address]
            return False
        self.count(found.version.schema)
        protocol.response_bytes(200, found.headers, found.body)
        return True

    def note(
        self,
        address: Address,
        version: Version,
        headers: list[tuple[str, str]],
        body: bytes,
        seconds_of_day: float,
    ) -> None:
        """Keep an answer for a moment, and no longer than the seconds until a day may begin."""
        if len(body) > BYTES_MAX or sum(map(len, address)) > WORDS_MAX:
            return
        if len(self.answers) >= ANSWERS_MAX:
            self.answers.clear()
        until = time.monotonic() + min(SECONDS, seconds_of_day)
        self.answers[address] = _Answer(version, until, headers, body)
