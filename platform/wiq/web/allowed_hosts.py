"""Which hosts Django answers: those under our domain, and a district's own domain.

Django checks ALLOWED_HOSTS again whenever it needs the host. A wildcard would let every name in. So
a district's own domain is added to the list only while a request for it is answered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_known: ContextVar[str] = ContextVar("wiq_known_host", default="")


class AllowedHosts(list[str]):
    """The patterns from the settings, and the current request's host if it is a district's."""

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        if host := _known.get():
            yield host


@contextmanager
def known(host: str) -> Iterator[None]:
    """Allow one host, which the caller has looked up, during one request."""
    token = _known.set(host)
    try:
        yield
    finally:
        _known.reset(token)
