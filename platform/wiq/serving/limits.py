"""How long the body of a request may be."""

from typing import Any

from django.conf import settings
from django.http.cookie import parse_cookie

from wiq.rooms import body_limits, for_bearers
from wiq.web.languages import without_language

# What is read of a form with files before it is refused, so that nothing typed is lost.
READ_MOST = 40_000_000


def declared_limit(path: str) -> int:
    """Return how many bytes a room that accepts files takes at a path; 0 where none does."""
    path = without_language(path)
    limits = body_limits().items()
    return next((limit for prefix, limit in limits if path.startswith(prefix)), 0)


def longest_body(path: str, *, may_upload: bool) -> int:
    """Return how many bytes of a body are read at a path; files are for who may be signed in.

    A form sent after the session has ended is shown again, so it may hold one picture.
    """
    declared = declared_limit(path)
    if may_upload and declared:
        # A program is told the limit; a page comes back with what was typed.
        return declared if for_bearers(path) else max(declared, READ_MOST)
    return min(declared or settings.DATA_UPLOAD_MAX_MEMORY_SIZE, *body_limits().values())


def may_upload(environ: dict[str, Any]) -> bool:
    """Tell whether a request shows a session or a token; whether it is a true one, Django says."""
    if "HTTP_AUTHORIZATION" in environ:
        return True
    return settings.SESSION_COOKIE_NAME in parse_cookie(environ.get("HTTP_COOKIE", ""))
