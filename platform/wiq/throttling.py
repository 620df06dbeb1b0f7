"""How often one address may post: one counter for all forms and the API."""

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from wiq.addresses import parsed, visitors_network


class SubmissionThrottle(SimpleRateThrottle):
    """At most ten posts a minute from one address (DEFAULT_THROTTLE_RATES["submission"]).

    The cache key contains the district, like every key. An IPv6 visitor can choose any address
    of a /64 network, so these count as one.
    """

    scope = "submission"

    def get_cache_key(self, request: Request | HttpRequest, view: object) -> str | None:
        if request.method != "POST":
            return None
        return self.cache_format % {"scope": self.scope, "ident": network(request)}


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
