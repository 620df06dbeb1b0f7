"""Writing JSON answers."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class InASCII(JSONRenderer):
    """DRF's renderer with every other letter as an escape."""

    ensure_ascii = True


class QuotingJSONRenderer(JSONRenderer):
    """DRF's renderer, for which an error that quotes half a letter is a server error.

    Such an answer is written in ASCII, where the half letter is an escape.
    """

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        try:
            return bytes(super().render(data, *args, **kwargs))
        except UnicodeEncodeError:
            return bytes(InASCII().render(data, *args, **kwargs))
