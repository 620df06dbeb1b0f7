"""Which styles and scripts a page may use: strict for the public, wider where a tool needs it."""

import base64
import hashlib
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponseBase

Policy = dict[str, list[str]]
GetResponse = Callable[[HttpRequest], HttpResponseBase]
# unfold evaluates Alpine expressions and writes style attributes.
ADMINISTRATION = ("/koordination/", "/plattform/")
API_DOCS = "/api/docs/"
STYLE = "wiq.style-hash"


def allow_style(request: HttpRequest, style: str) -> None:
    """Let this page carry one inline style sheet, named by its hash and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    request.META[STYLE] = f"'sha256-{digest}'"


def widen(response: HttpResponseBase, policy: Policy) -> None:
    """Add to what one answer may use (as django-csp's ``csp_update`` does for a view)."""
    response._csp_update = policy  # type: ignore[attr-defined]


def replace(response: HttpResponseBase, policy: Policy) -> None:
    """Say anew what one answer may use (as django-csp's ``csp_replace`` does for a view)."""
    response._csp_replace = policy  # type: ignore[attr-defined]


class ContentPolicyMiddleware:
    """Adjust the strict default policy of settings to the page that is answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        update = dict(getattr(response, "_csp_update", {}))
        if request.path_info.startswith(ADMINISTRATION):
            # Beside a hash, browsers ignore 'unsafe-inline': the style's own hash stays out.
            update |= {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}
        elif request.path_info.startswith(API_DOCS):
            update |= {"style-src": [UNSAFE_INLINE]}
        elif STYLE in request.META:
            update |= {"style-src": [request.META[STYLE]]}
        widen(response, update)
        return response
