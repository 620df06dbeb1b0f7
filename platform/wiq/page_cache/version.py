"""Which state of a schema a public page shows: renewed by every audited write.

Lives in Valkey, where every web process and worker sees it. It is random, so that a Valkey that
lost its memory can't bring an old one back by counting. Who writes also says so on a channel: a
web process that listens knows without asking (docs/decisions/0008-page-cache.md).
"""

import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError

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
    return str(caches["platform"].make_key("renewed"))


def current(schema: str) -> Version | None:
    """Return the version of a schema's pages now; None where Valkey is away or was emptied."""
    key = _content(schema)
    known = caches["platform"].get_many([GENERATION, key])
    if GENERATION not in known or key not in known:
        return None
    return Version(schema, known[GENERATION], known[key], timezone.localdate())


def current_or_new(schema: str) -> Version | None:
    """Return the version now, beginning one where there is none yet."""
    found = current(schema)
    if found is None:
        caches["platform"].add(GENERATION, uuid.uuid4().hex, None)
        caches["platform"].add(_content(schema), uuid.uuid4().hex, None)
        found = current(schema)
    return found


def _begin_anew(key: str, word: str) -> None:
    """Set a new version and tell whoever listens; when this returns, they have been told."""
    caches["platform"].set(key, uuid.uuid4().hex, None)
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
    """Renew a schema's pages once the transaction at hand is committed, not before."""
    transaction.on_commit(partial(renew, schema))


class Watch:
    """Knows the versions without asking for each: it listens, and forgets what it hears of.

    Listening begins before the first version is read, so nothing falls in between. A connection
    that breaks forgets everything, and until it is back nothing is known.
    """

    def __init__(self) -> None:
        self._known: dict[str, Version] = {}
        self._lock = threading.Lock()
        self._ear: Any = None
        self._was_deaf = False

    def current(self, schema: str) -> Version | None:
        """Return the version of a schema's pages now; None where nobody can say."""
        with self._lock:
            try:
                self._listen()
            except (RedisError, OSError):
                self._known.clear()
                self._ear = None
                return None
            found = self._known.get(schema)
            if found is None or found.day != timezone.localdate():
                found = current(schema)
                if found is not None:
                    self._known[schema] = found
            return found

    def _listen(self) -> None:
        """Take in what has been said since the last time; never waits."""
        if self._ear is None:
            self._ear = get_redis_connection("platform").pubsub(ignore_subscribe_messages=True)
            self._ear.subscribe(_channel())
            # The answer to the subscription: from here on nothing is missed.
            self._ear.get_message(timeout=1)
            self._known.clear()
            self._was_deaf = False
            self._ear.connection.register_connect_callback(self._note_reconnect)
        while self._ear.connection.can_read(timeout=0):
            heard = self._ear.get_message()
            if heard is None:
                continue
            schema = heard["data"].decode()
            if schema == EVERYTHING:
                self._known.clear()
            else:
                self._known.pop(schema, None)
        if self._was_deaf:
            raise ConnectionError("what was said in between was missed")

    def _note_reconnect(self, connection: Any) -> None:
        """The client library reconnects by itself, and says nothing of what it missed."""
        self._was_deaf = True
