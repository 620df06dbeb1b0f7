"""Sending pages packed: which form a visitor's browser takes, and how each is made.

Brotli is what all browsers unpack and what makes pages smallest; gzip is for everybody else.
"""

import gzip
from functools import lru_cache

import brotli

PLAIN = ""
# How hard to try: beyond these a page takes much longer and gets hardly smaller.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# Anything shorter goes into the first packet anyway.
LEAST_BYTES = 1000
# A longer list of wishes is nobody's browser, and would fill the memory of wishes.
WISHES_MAX = 200


def packed(content: bytes) -> dict[str, bytes]:
    """Return a page's content in each form by the name that ``Content-Encoding`` has for it."""
    forms = {PLAIN: content}
    if len(content) >= LEAST_BYTES:
        forms["br"] = brotli.compress(content, quality=BROTLI_QUALITY)
        forms["gzip"] = gzip.compress(content, GZIP_LEVEL, mtime=0)
    return forms


def wished(accept_encoding: str) -> str:
    """Return the form to send for ``Accept-Encoding`` (RFC 9110, 12.5.3): in doubt plain."""
    return _wished(accept_encoding) if len(accept_encoding) <= WISHES_MAX else PLAIN


@lru_cache(maxsize=256)
def _wished(accept_encoding: str) -> str:
    taken = set()
    for wish in accept_encoding.lower().split(","):
        name, _semicolon, weight = wish.replace(" ", "").partition(";q=")
        if weight.strip("0.") or not weight:
            taken.add(name)
    return next((name for name in ("br", "gzip") if name in taken), PLAIN)
