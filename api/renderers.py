"""Writing JSON answers."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class InASCII(JSONRenderer):
    """DRF's renderer, with an escape for every letter outside ASCII."""

    ensure_ascii = True


class QuotingJSONRenderer(JSONRenderer):
    """DRF's renderer, but it can also quote half a surrogate pair, which UTF-8 can't encode.

    Such a response is written in ASCII, with an escape instead.
    """

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        try:
            return bytes(super().render(data, *args, **kwargs))
        except UnicodeEncodeError:
            return bytes(InASCII().render(data, *args, **kwargs))
