"""Connections to Valkey that don't wait again and again for a server that hangs."""

from typing import TYPE_CHECKING, Any

import structlog
from django_redis import pool
from django_redis.cache import RedisCache
from django_redis.exceptions import ConnectionInterrupted
from django_redis.serializers.json import JSONSerializer
from redis import ConnectionPool
from redis.connection import Connection, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import ConnectionError as RefusedError
from redis.exceptions import TimeoutError as SilenceError
from redis.utils import SENTINEL

from wiq.outages import VALKEY

log = structlog.get_logger(__name__)

if TYPE_CHECKING:  # a mixin of connections
    _Base = Connection
else:
    _Base = object


class _Patient(_Base):
    """Notes that Valkey is silent, and asks nothing while nobody expects an answer."""

    def connect_check_health(self, *args: Any, **kwargs: Any) -> None:
        self._ask_nothing_of_a_silent_server()
        try:
            super().connect_check_health(*args, **kwargs)
        except SilenceError:
            VALKEY.note_silence()
            raise

    def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
        self._ask_nothing_of_a_silent_server()
        super().send_packed_command(*args, **kwargs)

    def read_response(self, *args: Any, timeout: Any = SENTINEL, **kwargs: Any) -> Any:
        try:
            answer = super().read_response(*args, timeout=timeout, **kwargs)
        except SilenceError:
            # Who listens for a while (with a timeout of its own) may hear nothing.
            if timeout is SENTINEL:
                VALKEY.note_silence()
            raise
        VALKEY.note_answer()
        return answer

    def _ask_nothing_of_a_silent_server(self) -> None:
        if VALKEY.refuses():
            self.disconnect()
            raise RefusedError("Valkey gave no answer a moment ago")


class _Tcp(_Patient, Connection):
    pass


class _Tls(_Patient, SSLConnection):
    pass


class _Unix(_Patient, UnixDomainSocketConnection):
    pass


PATIENT: dict[type[Any], type[Any]] = {
    Connection: _Tcp,
    SSLConnection: _Tls,
    UnixDomainSocketConnection: _Unix,
}


class Unreadable(ConnectionInterrupted):
    """A value that is not ours: as good as an answer that did not come."""


class Json(JSONSerializer):
    """Reads and writes JSON, where django-redis would pickle."""

    def loads(self, value: bytes) -> Any:
        """Return what a value says. Raises Unreadable where it is no JSON."""
        try:
            return super().loads(value)
        except (ValueError, RecursionError) as error:
            log.warning("cache.unreadable", error=type(error).__name__)
            raise Unreadable(None) from error


class Cache(RedisCache[Any]):
    """The cache of a district: as good as empty while Valkey is away, but no lock of anybody's.

    allauth locks its count of sign-ins with ``add``, and takes a lock that it can't get for too
    many tries. Who signs in meanwhile shall read that it is not their fault: 503, not 429.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store a value unless there is one. Raises RedisError where nobody can say."""
        try:
            return bool(self.client.add(*args, **kwargs))
        except ConnectionInterrupted as interrupted:
            raise interrupted.__cause__ or interrupted from None


class ConnectionFactory(pool.ConnectionFactory[Any, Any, Any]):
    """Gives the caches patient connections, whatever kind their address asks for."""

    def get_connection_pool(self, params: dict[str, Any]) -> ConnectionPool:
        """Return a new pool for an address."""
        made: ConnectionPool = super().get_connection_pool(params)
        made.connection_class = PATIENT[made.connection_class]
        return made
