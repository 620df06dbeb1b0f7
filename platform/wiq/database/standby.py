"""Public pages may be made from a standby, a copy of the database that is only read.

It is asked only where it already holds what the page's version announces: whoever wrote something
reads it, as from the primary (docs/decisions/0090-standby.md). Where it is behind, away or slow,
the primary answers.
"""

from collections.abc import Callable
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db import connection as primary
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from wiq.outages import Circuit
from wiq.tenancy import TenantConnection, connection

log = structlog.get_logger(__name__)
ALIAS = "standby"
# For each schema how far the primary's log was when its pages were last renewed, in bytes.
_WRITTEN = "wiq-written"
# What concerns every schema.
EVERYTHING = "*"
_POSITION = "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"
# None where it is no standby (any more).
_REPLAYED = """SELECT CASE WHEN pg_is_in_recovery()
    THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END"""

Answer = TypeVar("Answer")
_there: ContextVar[bool] = ContextVar("read from the standby", default=False)
CIRCUIT = Circuit()


class Router:
    """Sends what is read while a public page is made to the standby."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Return where to read (django.db.router)."""
        return ALIAS if _there.get() else None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        """Rows of both are rows of the same database."""
        return True


def is_set() -> bool:
    """Tell whether there is a standby (``WIQ_STANDBY_URL``)."""
    return ALIAS in settings.DATABASES


def note_write(schema: str) -> None:
    """Note how far a standby has to be to know what was just committed; before anybody is told.

    Where that can't be noted nothing is known of the schema, and the next who reads asks.
    """
    if not is_set():
        return
    with suppress(RedisError):
        server = get_redis_connection("platform")
        try:
            server.zadd(_WRITTEN, {schema: _asked(primary, _POSITION)}, gt=True)
        except DatabaseError:
            server.zrem(_WRITTEN, schema)


def read_there(schema: str, work: Callable[[], Answer]) -> Answer:
    """Do the work, which only reads, on the standby where that knows enough, else on the primary.

    Call it after the version of what is read was asked. Raises what ``work`` raises there.
    """
    if not is_set() or primary.in_atomic_block or CIRCUIT.refuses():
        return work()
    try:
        with _reading():
            if _reaches(schema):
                answer = _there_alone(work)
                CIRCUIT.note_answer()
                return answer
            CIRCUIT.note_answer()
    except (DatabaseError, InterfaceError, RedisError) as error:
        CIRCUIT.note_silence()
        log.warning("standby.away", error=type(error).__name__)
    return work()


def _there_alone(work: Callable[[], Answer]) -> Answer:
    token = _there.set(True)
    try:
        return work()
    finally:
        _there.reset(token)


@contextmanager
def _reading() -> Any:
    """Set the standby's connection to the current schema and its role, and take it back."""
    own = cast(TenantConnection, connections[ALIAS])
    own.set_tenant(connection.tenant)
    try:
        yield
    finally:
        own.set_schema_to_public()


def _reaches(schema: str) -> bool:
    server = get_redis_connection("platform")
    noted = server.zmscore(_WRITTEN, [schema, EVERYTHING])
    for name, score in zip((schema, EVERYTHING), noted, strict=True):
        if score is None:
            # Nobody knows: then all that was committed until now.
            server.zadd(_WRITTEN, {name: _asked(primary, _POSITION)}, gt=True)
            return False
    replayed = _asked(connections[ALIAS], _REPLAYED)
    return replayed is not None and replayed >= max(noted)


def _asked(where: Any, sql: str) -> int | None:
    with where.cursor() as cursor:
        cursor.execute(sql)
        return cast("int | None", cursor.fetchone()[0])
