"""Reading what waits in a mailbox: a thread of the worker, one for the whole platform.

Not a task: it waits for hours, and a task would take one of the worker's places. Not a process
of its own: Django again would cost more memory than everything that it does.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

import structlog
from django.conf import settings
from django.db import connection

from wiq.inbound import imap, maildir, receiving
from wiq.inbound.mailboxes import Unreadable
from wiq.outages import is_outage

# More than most mail servers take.
LARGEST = 26_214_400
# The first and the longest pause after a failure, and how often another reader's end is asked for.
PAUSE, LONGEST_PAUSE, STAND_BY = 2.0, 60.0, 10.0
NAME = "inbound:reader"
log = structlog.get_logger(__name__)


class Mailbox(Protocol):
    """A place in which mails wait."""

    def waiting(self) -> list[str]:
        """Return the keys of the mails that wait."""

    def content(self, key: str) -> bytes:
        """Return one mail."""

    def done(self, key: str) -> None:
        """Remove a mail that was taken."""

    def leave(self, key: str) -> None:
        """Put aside a mail that can't be taken."""

    def pass_over(self, key: str) -> None:
        """Leave a mail that is for nobody here."""

    def wait(self, stop: threading.Event) -> None:
        """Wait for the next mail."""


class Reader:
    """Takes what waits, and waits for more, until asked to stop."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._failures = 0

    def run(self) -> None:
        """Read until asked to stop; what fails is tried again, at growing intervals."""
        while not self.stop.is_set():
            try:
                self._while_alone()
            except Exception as error:
                self._note(error)
            finally:
                with suppress(Exception):
                    connection.close()

    def _while_alone(self) -> None:
        """Read while no other reader of this database does."""
        with _alone() as alone:
            if not alone:
                self.stop.wait(STAND_BY)
                return
            with _opened() as box:
                while not self.stop.is_set():
                    take_all(box)
                    self._failures = 0
                    box.wait(self.stop)

    def _note(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 3:
            log.error("inbound.away", error=type(error).__name__)
        self.stop.wait(min(PAUSE * 2 ** min(self._failures - 1, 10), LONGEST_PAUSE))


def take_all(box: Mailbox) -> None:
    """Take every mail that waits. Raises where a server is away; then all others wait as well."""
    while keys := box.waiting():
        for key in keys:
            _take(box, key)


def _take(box: Mailbox, key: str) -> None:
    content = box.content(key)
    try:
        # Also what tells whose it is reads what strangers wrote: it must hold up no other mail.
        if not content or not receiving.is_ours(content):
            box.pass_over(key)
            return
        if len(content) > LARGEST:
            raise Unreadable("too large")
        receiving.receive(content)
    except Exception as error:
        if is_outage(error):
            raise
        # Nothing of the mail in the log; it stays where somebody can look at it.
        log.exception("inbound.not_taken")
        box.leave(key)
        return
    box.done(key)


def _opened() -> AbstractContextManager[Mailbox]:
    return imap.opened() if settings.WIQ_INBOUND_URL else maildir.opened()


def is_wanted() -> bool:
    """Tell whether there is a mailbox to read."""
    return bool(settings.WIQ_INBOUND_URL or settings.WIQ_MAIL_CATCHER)


@contextmanager
def _alone() -> Iterator[bool]:
    """Try to be the only reader. The lock ends with its connection (PostgreSQL docs, 13.3.5)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [NAME])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with suppress(Exception), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [NAME])


_reader = Reader()


def start_in_background() -> None:
    """Let a thread of this process read, where there is a mailbox."""
    if is_wanted():
        # It works in the public schema, where incoming mail belongs; handlers leave it by the
        # token alone (wiq.inbound.mailboxes).
        threading.Thread(target=_reader.run, name="inbound", daemon=True).start()  # noqa: TID251


def stop_in_background() -> None:
    """Ask that thread to end."""
    _reader.stop.set()
