"""The WSGI application that granian serves."""

import codecs
import os
from collections.abc import Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

from wiq.page_cache.cache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiq.settings")
_django = PageCache(get_wsgi_application())


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return True  # Django passes over names that nobody knows


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request.

    A ``charset`` that Python knows but that is none of text (zlib, rot13) fails in Django before
    any middleware could answer; it is dropped here.
    """
    header = Message()
    header["Content-Type"] = environ.get("CONTENT_TYPE", "")
    charset = header.get_content_charset()
    if charset is not None and not _is_text_encoding(charset):
        environ["CONTENT_TYPE"] = header.get_content_type()
    return _django(environ, start_response)
