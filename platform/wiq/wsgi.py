"""The platform as a WSGI application; granian serves it through wiq.rsgi."""

import codecs
import os
from collections.abc import Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

from wiq.metrics.counting import counts, measured, serve_in_background
from wiq.page_cache.cache import PageCache
from wiq.traces import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiq.settings")
tracing.begin("web")
memory = PageCache(measured(get_wsgi_application()), counts.from_memory)
serve_in_background()


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return True  # Django ignores unknown names


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request.

    Python knows codecs that are not for text (zlib, rot13). As a ``charset`` they would fail in
    Django before any middleware can answer, so they are dropped here.
    """
    header = Message()
    header["Content-Type"] = environ.get("CONTENT_TYPE", "")
    charset = header.get_content_charset()
    if charset is not None and not _is_text_encoding(charset):
        environ["CONTENT_TYPE"] = header.get_content_type()
    return memory(environ, start_response)
