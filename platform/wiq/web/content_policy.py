"""Which styles and scripts a page may use: strict for the public, wider where a tool needs it."""

import base64
import hashlib
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# unfold evaluates Alpine expressions and writes style attributes.
ADMINISTRATION = ("/koordination/", "/plattform/")
API_DOCS = "/api/docs/"


def allow_style(request: HttpRequest, style: str) -> None:
    """Let this page carry one inline style sheet, named by its hash and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    request.wiq_style_hash = f"'sha256-{digest}'"  # type: ignore[attr-defined]


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
        elif hasattr(request, "wiq_style_hash"):
            update |= {"style-src": [request.wiq_style_hash]}
        response._csp_update = update  # type: ignore[attr-defined]
        return response
