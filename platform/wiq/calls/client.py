"""One HTTPS request to another server.

Where somebody at a desk typed the address (``post``), the connection goes to an address that was
looked at just before and not to the name, so a second look-up can't lead elsewhere (DNS
rebinding); the certificate is still checked against the name, and of the answer only its status is
read. What the operator named (``get``) may lie in the own network. Redirects are never followed.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTP_PORT, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from wiq.calls.addresses import addresses_of
from wiq.host_names import in_dns

CONNECT_SECONDS = 5.0
MOST_ADDRESSES = 3
# The whole try, however slowly the other side sends.
TRY_SECONDS = 15.0


class CallFailed(Exception):
    """A try got no answer; the words say why, without an address."""


class TooLong(CallFailed):
    """An answer has more bytes than are read."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body to an HTTPS address; return the status of the answer.

    Raises CallFailed if there was none, or the name leads to an address that is not called.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise CallFailed("not an https address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        host = in_dns(parts.hostname)
        line = _Line(host, parts.port or 443, addresses_of(host)[:MOST_ADDRESSES])
        with _ended_in_time(line, TRY_SECONDS):
            line.request("POST", path, body, dict(headers))
            return line.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        raise CallFailed(type(error).__name__) from error


def get(
    url: str, headers: Mapping[str, str], *, seconds: float, most_bytes: int
) -> tuple[int, bytes]:
    """Ask a server that the operator named; return status and body of its answer.

    Without TLS where the address says ``http``. ``seconds`` is for the whole try but the look-up
    of the name. Raises CallFailed if there was no whole answer by then, TooLong if it has more than
    ``most_bytes``.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        host = in_dns(parts.hostname or "")
        kind = _Line if parts.scheme == "https" else _OpenLine
        line = kind(host, parts.port or kind.default_port, [_place_of(host)])
        with _ended_in_time(line, seconds):
            line.request("GET", path, headers=dict(headers))
            answer = line.getresponse()
            body = answer.read(most_bytes + 1)
            status, missing = answer.status, answer.length
    except (OSError, HTTPException, ValueError) as error:
        raise CallFailed(type(error).__name__) from error
    if len(body) > most_bytes:
        raise TooLong("too long")
    if missing:
        raise CallFailed("cut off")
    return status, body


def _place_of(host: str) -> str:
    """Return what to connect to: names below localhost are this machine (RFC 6761, 6.3)."""
    return "127.0.0.1" if f".{host}".endswith(".localhost") else host


class _Line(HTTPSConnection):
    """A connection for one request, to given addresses, with the certificate of the name."""

    def __init__(self, host: str, port: int, addresses: Sequence[str]) -> None:
        self._context_of_name = ssl.create_default_context()
        super().__init__(host, port, timeout=CONNECT_SECONDS, context=self._context_of_name)
        self._addresses = addresses
        # A second handle to the same connection: the first is taken over by TLS.
        self._handle: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first of the addresses that answers. Raises OSError."""
        plain = self._plain()
        self._handle = plain.dup()
        self.sock = self._context_of_name.wrap_socket(plain, server_hostname=self.host)

    def _plain(self) -> socket.socket:
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self.port), CONNECT_SECONDS)
        return socket.create_connection((last, self.port), CONNECT_SECONDS)

    def hang_up(self) -> None:
        """End the connection, also while another thread waits for it."""
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close both handles."""
        super().close()
        if self._handle is not None:
            self._handle.close()


class _OpenLine(_Line):
    """The same without TLS, for installations on a developer's machine."""

    default_port = HTTP_PORT

    def connect(self) -> None:
        """Connect. Raises OSError."""
        self.sock = self._plain()
        self._handle = self.sock.dup()


@contextmanager
def _ended_in_time(line: _Line, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, line.hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()
