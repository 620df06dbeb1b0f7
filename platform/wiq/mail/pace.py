"""Which recipients' domains are slow, so that they hold up no others.

A mail server often asks the recipient's before it answers us. Each worker learns by itself: what
it knows is worth a few minutes, and a restart costs one slow mail.
"""

import threading
from collections import deque
from statistics import median

from cachetools import TTLCache
from django.utils.crypto import salted_hmac

from wiq.mail_addresses import for_sending, parts

SLOW_SECONDS = 1.0
# And so many times slower than the others: if all are slow, it is our own mail server.
TIMES_SLOWER = 5
REMEMBERED_SECONDS = 600
DOMAINS = 1000
RECENT = 50


def domain_key(address: str) -> str:
    """Return a word that is the same for all addresses of a domain and does not tell which."""
    try:
        domain = parts(for_sending(address))[1]
    except UnicodeError:  # none that a mail could reach
        domain = parts(address)[1]
    return salted_hmac("wiq.mail.pace", domain.lower(), algorithm="sha256").hexdigest()[:32]


class Pace:
    """What this worker knows of the domains."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slow: TTLCache[str, bool] = TTLCache(DOMAINS, REMEMBERED_SECONDS)
        self._recent: deque[tuple[str, float]] = deque(maxlen=RECENT)

    def note(self, domain: str, seconds: float) -> None:
        """Remember how long one mail to a domain took."""
        with self._lock:
            self._recent.append((domain, seconds))
            if seconds < SLOW_SECONDS:
                self._slow.pop(domain, None)
                return
            others = [taken for one, taken in self._recent if one != domain]
            if not others or seconds >= TIMES_SLOWER * median(others):
                self._slow[domain] = True

    def is_slow(self, domain: str) -> bool:
        """Tell whether the last mail to a domain took long."""
        with self._lock:
            return domain in self._slow

    def slow(self) -> list[str]:
        """Return the slow domains."""
        with self._lock:
            return list(self._slow)

    def forget(self) -> None:
        """Forget everything, as a new worker."""
        with self._lock:
            self._slow.clear()
            self._recent.clear()


pace = Pace()
