"""The other installation, as the side that a district leaves talks to it, and the other way round.

Both are named by operators, so their addresses may be those of an own network; but never in the
clear, unless it is this very machine.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import urllib3

from tenants.moving.models import Stage

CONNECT_SECONDS = 5.0
# How long a file may take, and how long rows: who sends something meanwhile waits so long
# (wiq.serving.front).
READ_SECONDS, ROWS_SECONDS = 120.0, 30.0
# For the word on which the districts change places: nobody can write while it is on its way.
BRIEF_SECONDS = 10.0
# A host and perhaps a port; no name and password, no space, no line break.
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_HERE = ("localhost", "127.0.0.1", "::1")
JSON, BYTES = "application/json", "application/octet-stream"


class Refused(RuntimeError):
    """The other side says no; the words are its own."""


class Silent(RuntimeError):
    """The other side gave no answer, so that nobody knows whether it did what it was asked."""


def checked(url: str) -> str:
    """Return the scheme and host of an installation's address. Raises ValueError."""
    parts = urlsplit(url.strip())
    is_here = parts.hostname in _HERE or str(parts.hostname).endswith(".localhost")
    is_plain = _HOST.fullmatch(parts.netloc) is not None
    if not parts.hostname or not is_plain or parts.scheme not in ("https", "http"):
        raise ValueError(f"{url}: an address such as https://wiq.example is needed")
    if parts.scheme == "http" and not is_here:
        raise ValueError(f"{url}: only https keeps what is sent to itself")
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Told:
    """How far a move is, as the other side says it."""

    stage: Stage
    # Where the district answers there: scheme and host. All its visitors are led there.
    target: str
    files: dict[str, int]


class Peer:
    """Another installation, asked about one move."""

    def __init__(self, url: str, number: UUID, token: str) -> None:
        """``url``: scheme and host; ``number``: the move's; ``token``: what opens it there."""
        self._base = f"{url}/api/v1/moves/{number}/"
        self._token = token
        self._pool = urllib3.PoolManager(retries=False)

    def offer(self, said: Mapping[str, Any]) -> Told:
        """Report the move; return what the other side says. Raises Refused and Silent."""
        return self._told(self._ask("PUT", "", json.dumps(said).encode(), JSON))

    def stage(self) -> Stage:
        """Return how far the move is there. Raises Refused and Silent."""
        return self._told(self._ask("GET", "", seconds=BRIEF_SECONDS)).stage

    def files(self) -> dict[str, int]:
        """Return names and sizes of the files that are there. Raises Refused and Silent."""
        return self._told(self._ask("GET", "")).files

    def send_file(self, name: str, content: IO[bytes], size: int) -> None:
        """Send one file of the district. Raises Refused and Silent."""
        self._ask("PUT", f"files/{quote(name)}", content, BYTES, size=size)

    def send_rows(self, content: IO[bytes], size: int) -> None:
        """Send the packed rows. Raises Refused and Silent."""
        self._ask("PUT", "rows/", content, BYTES, size=size, seconds=ROWS_SECONDS)

    def serve(self) -> None:
        """Let the other side answer for the district. Raises Refused and Silent."""
        self._ask("POST", "serving/", b"", JSON, seconds=BRIEF_SECONDS)

    def call_off(self) -> None:
        """Let the other side forget what came. Raises Refused and Silent."""
        self._ask("DELETE", "")

    def _told(self, said: dict[str, Any]) -> Told:
        """Read what the other side says. Raises Silent where it is no such thing."""
        try:
            files = {str(name): int(size) for name, size in said["files"].items()}
            target = checked(str(said["target"]))
            return Told(Stage(said["stage"]), target, files)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            words = f"{urlsplit(self._base).netloc} says what no WiQ platform says: {error}"
            raise Silent(words) from error

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | IO[bytes] | None = None,
        kind: str = JSON,
        *,
        size: int | None = None,
        seconds: float = READ_SECONDS,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        if size is not None:
            headers["Content-Length"] = str(size)
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds)
        try:
            answer = self._pool.request(
                method, self._base + path, body=body, headers=headers, timeout=timeout,
                redirect=False,
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as error:
            raise Silent(f"{urlsplit(self._base).netloc}: {type(error).__name__}") from error
        if answer.status >= 500:
            raise Silent(f"{urlsplit(self._base).netloc} answered {answer.status}")
        if answer.status not in (200, 201, 204):
            raise Refused(_words(answer.status, answer.data))
        try:
            return dict(json.loads(answer.data)) if answer.data else {}
        except (TypeError, ValueError) as error:
            raise Silent(f"{urlsplit(self._base).netloc} is no WiQ platform") from error


def _words(status: int, body: bytes) -> str:
    """Return what a refusal says, as our API writes it (drf-standardized-errors)."""
    try:
        said = "; ".join(str(error["detail"]) for error in json.loads(body)["errors"])
    except (ValueError, KeyError, TypeError):
        said = ""
    return said[:300] or f"it answered {status}"
