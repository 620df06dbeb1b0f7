"""How often one address may post: one counter for all forms and the API."""

import secrets
import threading
import time
from contextlib import suppress
from typing import Any

from cachetools import TTLCache
from django.core.cache import caches
from django.http import HttpRequest
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from wiq.addresses import parsed, visitors_network

# Forgets posts that are too old, then counts this one unless there were enough: one step for all
# processes, so that of many at once no more than the limit get through. Returns how many seconds to
# wait, or nothing. The keys end by themselves.
COUNT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
    local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    return tostring(oldest[2] + ARGV[2] - ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return nil
"""


class LocalCount:
    """Counts in this process alone, for as long as Valkey can't be asked.

    Each process allows the limit then: a few times too many, instead of without end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._posts: TTLCache[str, list[float]] = TTLCache(10_000, ttl=600)

    def count(self, key: str, now: float, seconds: int, limit: int) -> float | None:
        """Count a post; return the seconds to wait if there were too many."""
        with self._lock:
            recent = [at for at in self._posts.get(key, []) if at > now - seconds]
            if len(recent) >= limit:
                return recent[0] + seconds - now
            self._posts[key] = [*recent, now]
        return None

    def uncount(self, key: str, at: float) -> None:
        """Take back a post that was counted at a moment."""
        with self._lock:
            self._posts[key] = [one for one in self._posts.get(key, []) if one != at]

    def forget(self, key: str) -> None:
        """Forget what was counted under a key."""
        with self._lock:
            self._posts.pop(key, None)


_local = LocalCount()


class SubmissionThrottle(SimpleRateThrottle):
    """At most ten posts a minute from one address (DEFAULT_THROTTLE_RATES["submission"]).

    The cache key contains the district, like every key. An IPv6 visitor can choose any address
    of a /64 network, so these count as one.
    """

    scope = "submission"
    cache_format = "posts_%(scope)s_%(ident)s"
    # Set by the base class from the rate.
    num_requests: int
    duration: int
    _wait: float | None = None

    def get_cache_key(self, request: Request | HttpRequest, view: object) -> str | None:
        if request.method != "POST":
            return None
        return self.cache_format % {"scope": self.scope, "ident": network(request)}

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count a post, and tell whether it may go on."""
        key = self.get_cache_key(request, view)
        if key is None:
            return True
        whole = caches["default"].make_key(key)
        self._wait = count(whole, time.time(), self.duration, self.num_requests)
        return self._wait is None

    def wait(self) -> float | None:
        """Return how many seconds the visitor has to wait."""
        return self._wait


def count(key: str, now: float, seconds: int, limit: int, mark: str = "") -> float | None:
    """Count a post under a key; return the seconds to wait if there were too many of them.

    ``mark``: under which ``uncount`` finds the post again.
    """
    try:
        server = get_redis_connection("default")
        waits = server.eval(COUNT, 1, key, now, seconds, limit, mark or secrets.token_hex(8))
    except RedisError:
        return _local.count(key, now, seconds, limit)
    return None if waits is None else max(float(waits), 0.0)


def uncount(key: str, at: float, mark: str) -> None:
    """Take back what was counted under a key at a moment with a mark."""
    _local.uncount(key, at)
    with suppress(RedisError):
        get_redis_connection("default").zrem(key, mark)


def forget_all(key: str) -> None:
    """Forget everything that was counted under a key."""
    _local.forget(key)
    with suppress(RedisError):
        get_redis_connection("default").delete(key)


def network(request: Request | HttpRequest) -> str:
    """Return the visitor's address, for IPv6 its /64 network."""
    written: str = request.META.get("REMOTE_ADDR", "")
    address = parsed(written)
    return written if address is None else visitors_network(address)


def seconds_to_wait(request: HttpRequest) -> int | None:
    """Count a post of a form; return the seconds to wait if there were too many."""
    throttle = SubmissionThrottle()
    if throttle.allow_request(Request(request), APIView()):
        return None
    return int(throttle.wait() or 60) + 1
