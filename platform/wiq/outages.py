"""What an outage is, and who notices that a server gives no answer.

A server that refuses is noticed at once. One that hangs is not: every request would wait for it,
until all threads do. So the first to wait in vain notes it, and for a moment nobody else waits.
"""

import errno
import threading
import time
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

# Longer than a try takes, so that at most one thread is waiting for a server that hangs.
PAUSE_SECONDS = 2.0
# Errors of writing that only whoever runs the server can mend: disk full, quota, read-only disk.
OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Circuit:
    """Remembers that a server is silent (the pattern "circuit breaker", Nygard, Release It!).

    While it is, one thread tries it every PAUSE_SECONDS; all others are refused at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._next_try: float | None = None
        # The thread that tries the server at the moment.
        self._tries = 0

    def is_silent(self) -> bool:
        """Tell whether the server gave no answer the last time."""
        return self._next_try is not None

    def refuses(self) -> bool:
        """Tell whether this thread must not ask the server now, because nobody expects an answer.

        Where it returns False for a silent server, this thread is the one that tries it.
        """
        if self._next_try is None:
            return False
        with self._lock:
            now = self._clock()
            if self._next_try is None:
                return False
            if now < self._next_try:
                return self._tries != threading.get_ident()
            self._next_try, self._tries = now + PAUSE_SECONDS, threading.get_ident()
            return False

    def note_silence(self) -> None:
        """Note that the server gave no answer in time."""
        with self._lock:
            self._next_try, self._tries = self._clock() + PAUSE_SECONDS, 0

    def note_answer(self) -> None:
        """Note that the server answered, whatever it said."""
        if self._next_try is not None:
            with self._lock:
                self._next_try = None


DATABASE = Circuit()
VALKEY = Circuit()


def is_outage(error: BaseException | None) -> bool:
    """Tell whether an error comes from a server that is away, hangs, is full, or from our disk.

    Django's ``OperationalError`` is what PostgreSQL says in such cases: lost connections, no room
    on its disk, too many connections, being shut down (https://peps.python.org/pep-0249/).
    """
    return any(_says_outage(found) for found in _chain(error))


def _says_outage(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        return True
    return isinstance(error, OperationalError | InterfaceError | RedisError | BrokerError)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error and those that led to it: code between us and the server may hide them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
