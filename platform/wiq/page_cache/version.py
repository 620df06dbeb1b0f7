"""Which state of a schema a public page shows: renewed by every audited write.

Lives in Valkey, where every web process and worker sees it. It is random, so that a Valkey that
lost its memory can't bring an old one back by counting. Who writes also says so on a channel: a
web process that listens knows without asking (docs/decisions/0008-page-cache.md).
"""

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.transaction import get_connection
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq.database import standby
from wiq.outages import VALKEY
from wiq.page_cache import plain

# All districts' data and hosts (tenants.districts.lookup).
GENERATION = "generation"
EVERYTHING = "*"


@dataclass(frozen=True)
class Version:
    """What a page was made from: hosts and districts, the schema's content, and the day."""

    schema: str
    generation: str
    content: str
    day: date


def _content(schema: str) -> str:
    return f"pages:{schema}"


def _channel() -> str:
    return plain.key("renewed")


def current(schema: str) -> Version | None:
    """Return the version of a schema's pages now; None where Valkey is away or was emptied."""
    generation, content = plain.read([GENERATION, _content(schema)])
    if generation is None or content is None:
        return None
    return Version(schema, generation, content, timezone.localdate())


def current_or_new(schema: str) -> Version | None:
    """Return the version now, beginning one where there is none yet."""
    found = current(schema)
    if found is None:
        plain.stamp(GENERATION, unless_there=True)
        plain.stamp(_content(schema), unless_there=True)
        found = current(schema)
    return found


def _begin_anew(key: str, word: str) -> None:
    """Set a new version and tell whoever listens; when this returns, they have been told."""
    standby.note_write(word)
    plain.stamp(key)
    with suppress(RedisError, OSError):
        server = get_redis_connection("platform")
        server.publish(_channel(), word)
        # Valkey writes to its clients in no order we know, but all before the next command.
        server.ping()


def renew(schema: str) -> None:
    """Make every page of a schema be made anew."""
    _begin_anew(_content(schema), schema)


def renew_everything() -> None:
    """Make every page of every schema be made anew, and every host be looked up again."""
    _begin_anew(GENERATION, EVERYTHING)


def renew_after_commit(schema: str) -> None:
    """Renew a schema's pages once the transaction at hand is committed, not before.

    Once for a transaction, whatever it changes: what would undo the first call's change alone (a
    savepoint rolled back) takes its callback away, and then there is none to find here.
    """
    if not any(_renews(callback, schema) for _, callback, *_ in get_connection().run_on_commit):
        transaction.on_commit(partial(renew, schema))


def _renews(callback: Any, schema: str) -> bool:
    return isinstance(callback, partial) and callback.func is renew and callback.args == (schema,)


class Subscription:
    """Hears what is renewed, from the moment it is there; for one thread."""

    def __init__(self) -> None:
        self._missed = False
        self._messages = get_redis_connection("platform").pubsub()
        self._messages.subscribe(_channel())
        if self._messages.get_message(timeout=1) is None:
            VALKEY.note_silence()
            raise ConnectionError("nobody said that the subscription has begun")
        self._messages.connection.register_connect_callback(self._note_reconnect)

    def renewed(self) -> Iterator[str]:
        """Return what was renewed since the last time, without waiting for more.

        Raises RedisError or OSError at its end where something may have been missed.
        """
        while self._messages.connection.can_read(timeout=0):
            message = self._messages.get_message()
            if message is not None and message["type"] == "message":
                yield message["data"].decode("latin-1")
        if self._missed:
            raise ConnectionError("what was said in between was missed")

    def fileno(self) -> int:
        """Return the number of the socket on which something arrives."""
        return int(self._messages.connection._sock.fileno())

    def _note_reconnect(self, connection: Any) -> None:
        """The client library reconnects by itself, and says nothing of what it missed."""
        self._missed = True


class Watch(threading.local):
    """Knows the versions without asking for each: it listens, and forgets what was renewed.

    Each thread listens for itself, so none holds another up. Listening begins before the first
    version is read, so nothing falls in between. A connection that breaks forgets everything,
    and until it is back nothing is known.
    """

    def __init__(self) -> None:
        self._known: dict[str, Version] = {}
        self._subscription: Subscription | None = None

    def current(self, schema: str) -> Version | None:
        """Return the version of a schema's pages now; None where nobody can say."""
        try:
            self._forget_renewed()
        except (RedisError, OSError):
            self._known.clear()
            self._subscription = None
            return None
        found = self._known.get(schema)
        if found is None or found.day != timezone.localdate():
            found = current(schema)
            if found is not None:
                self._known[schema] = found
        return found

    def _forget_renewed(self) -> None:
        if self._subscription is None:
            self._subscription = Subscription()
        for schema in self._subscription.renewed():
            if schema == EVERYTHING:
                self._known.clear()
            else:
                self._known.pop(schema, None)


class Today:
    """The day here, without working it out anew for each of many thousand pages a second."""

    def __init__(self) -> None:
        self._day = date.min
        self._span = range(0)

    def seconds_left(self) -> float:
        """Return for how long no other day can begin: at most a minute."""
        self()
        return max(self._span.stop - time.time(), 0.0)

    def __call__(self) -> date:
        """Return the same as ``timezone.localdate``."""
        now = int(time.time())
        if now not in self._span:
            # Days begin at whole minutes, whatever the clocks do.
            self._day, begun = timezone.localdate(), now - now % 60
            self._span = range(begun, begun + 60)
        return self._day


class Ear:
    """Knows versions only from what it is told and hears: for a thread that must never wait.

    ``learn`` believes a version that was read in between two moments at which nothing was heard.
    """

    def __init__(self) -> None:
        self._known: dict[str, Version] = {}
        self._subscription: Subscription | None = None
        self._arrived: Callable[[int], Any] = lambda timeout: ()
        self._heard = 0
        self.today = Today()

    def listen(self, subscription: Subscription) -> None:
        """Begin to hear, with a subscription that another thread has waited for."""
        self._known.clear()
        self._heard += 1
        self._subscription = subscription
        # Asked for every page: the client library's own way takes ten times as long.
        poll = select.poll()
        poll.register(subscription.fileno(), select.POLLIN)
        self._arrived = poll.poll

    def hears(self) -> bool:
        """Tell whether a subscription is there."""
        return self._subscription is not None

    def heard(self) -> int:
        """Return a number that changes with everything heard; a moment to ``learn`` from."""
        if self._subscription is not None and self._arrived(0):
            self._heard += 1
            try:
                for schema in self._subscription.renewed():
                    self._known.pop(schema, None)
                    if schema == EVERYTHING:
                        self._known.clear()
            except (RedisError, OSError):
                self._known.clear()
                self._subscription = None
        return self._heard

    def learn(self, version: Version, since: int) -> None:
        """Note a version that was read after the moment ``since``."""
        if self.heard() == since and self._subscription is not None:
            self._known[version.schema] = version

    def current(self, schema: str) -> Version | None:
        """Return the version of a schema's pages now; None where it would have to ask."""
        self.heard()
        found = self._known.get(schema)
        return found if found is not None and found.day == self.today() else None

    def knows(self, version: Version) -> bool:
        """Tell whether a version is still the one of its schema, on the day that it names."""
        self.heard()
        found = self._known.get(version.schema)
        # Mostly the very same object, which takes no comparing.
        return found is version or found == version
