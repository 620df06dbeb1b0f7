"""Connections to the mail server that stay open for the next mail.

Greeting, TLS and sign-in take several answers, a mail takes four; and a provider that counts
sign-ins counts fewer.
"""

import smtplib
import threading
import time
from collections.abc import Hashable
from contextlib import suppress
from typing import Any

# An idle connection takes a place at the server, which would close it after some minutes.
IDLE_SECONDS = 5.0
# Some servers take no more over one connection (Gmail and Postfix's own client: 100).
MOST = 100


class Line(smtplib.SMTP):
    """A connection that remembers how many mails it was told, and how far the last one came."""

    told = 0
    data_began = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the content of a mail, and remember that this began."""
        self.data_began = True
        return super().data(msg)


class EncryptedLine(Line, smtplib.SMTP_SSL):
    """The same with TLS from the first byte on."""


class Kept:
    """The open connections that no thread uses just now; each is closed when it has been idle."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[tuple[Hashable, Line, float]] = []
        self._timer: threading.Timer | None = None

    def take(self, key: Hashable) -> Line | None:
        """Return an open connection that was kept under this key, and forget it here."""
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][0] == key:
                    return self._idle.pop(place)[1]
        return None

    def keep(self, key: Hashable, line: Line) -> None:
        """Keep a connection for the next mail."""
        with self._lock:
            self._idle.append((key, line, time.monotonic()))
            if self._timer is None:
                self._start_timer()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS, self._close_idle)
        self._timer.daemon = True
        self._timer.start()

    def _close_idle(self) -> None:
        before = time.monotonic() - IDLE_SECONDS
        with self._lock:
            old = [line for _key, line, since in self._idle if since <= before]
            self._idle = [one for one in self._idle if one[2] > before]
            self._timer = None
            if self._idle:
                self._start_timer()
        for line in old:
            with suppress(OSError):  # smtplib's errors are OSErrors; it may be gone already
                line.quit()


kept = Kept()
