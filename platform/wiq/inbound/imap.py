"""The mailbox of WIQ_INBOUND_URL, read by IMAP (RFC 3501) and told by IDLE (RFC 2177)."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import (
    AND,
    BaseMailBox,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)

# Seconds for each answer of the server.
PATIENCE = 30
# Sooner than any server or router forgets a silent connection (RFC 2177 allows 29 minutes).
IDLE_SECONDS = 240
# How often a server without IDLE is asked.
ASK_SECONDS = 20
AT_ONCE = 50
# What was read once and left: somebody else's mail, or one that we could not take.
UNREAD = AND(seen=False, flagged=False)


class Imap:
    """A mailbox somewhere: what is ours goes from it once it is taken, the rest stays, read."""

    def __init__(self, box: BaseMailBox) -> None:
        self.box = box

    def waiting(self) -> list[str]:
        """Return the keys of unread mails, the oldest first."""
        return [uid for uid in self.box.uids(UNREAD) if uid][:AT_ONCE]

    def content(self, key: str) -> bytes:
        """Return one mail as it came; empty where somebody removed it meanwhile."""
        _status, found = self.box.client.uid("FETCH", key, "(BODY.PEEK[])")
        parts: list[Any] = [part for part in found if isinstance(part, tuple)]
        return bytes(parts[0][1]) if parts else b""

    def done(self, key: str) -> None:
        """Delete a mail that was taken."""
        self.box.delete(key)

    def leave(self, key: str) -> None:
        """Leave a mail in its place, flagged: it could not be taken."""
        self.box.flag(key, MailMessageFlags.FLAGGED, True)

    def pass_over(self, key: str) -> None:
        """Leave a mail that is not for us, read."""
        self.box.flag(key, MailMessageFlags.SEEN, True)

    def wait(self, stop: threading.Event) -> None:
        """Wait until the server tells of something, or until asked to stop."""
        if "IDLE" not in self.box.client.capabilities:
            stop.wait(ASK_SECONDS)
            return
        until = time.monotonic() + IDLE_SECONDS
        with self.box.idle as idle:
            if self._was_told():
                return
            while not stop.is_set() and time.monotonic() < until:
                if idle.poll(timeout=1):
                    return

    def _was_told(self) -> bool:
        """Tell whether news came together with the server's word that it waits.

        imaplib has read those, and whoever asks the connection waits for them in vain.
        """
        client: Any = self.box.client
        # Renamed in Python 3.14.
        read = getattr(client, "_file", None) or client.file
        patience = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(read.peek(1))
        except OSError:  # encrypted, and nothing there (ssl.SSLWantReadError)
            return False
        finally:
            client.sock.settimeout(patience)


@contextmanager
def opened() -> Iterator[Imap]:
    """Sign in to the mailbox. Raises OSError or imap_tools.MailboxLoginError."""
    parts = urlsplit(settings.WIQ_INBOUND_URL)
    host, folder = str(parts.hostname), unquote(parts.path.strip("/")) or "INBOX"
    box = _connected(parts.scheme, host, parts.port)
    with box.login(
        unquote(parts.username or ""), unquote(parts.password or ""), folder
    ) as signed_in:
        yield Imap(signed_in)


def _connected(scheme: str, host: str, port: int | None) -> BaseMailBox:
    # imaplib by itself would believe any certificate.
    trusted = ssl.create_default_context()
    if scheme == "imap+ssl":
        return MailBox(host, port or 993, PATIENCE, ssl_context=trusted)
    if scheme == "imap+tls":
        return MailBoxStartTls(host, port or 143, PATIENCE, ssl_context=trusted)
    return MailBoxUnencrypted(host, port or 143, PATIENCE)
