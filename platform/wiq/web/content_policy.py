"""The styles and scripts that a page may use: strict for the public, wider if a tool needs it."""

import base64
import hashlib
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponseBase

from wiq.web.languages import without_language

# A directive without a value is ``[True]`` (django-csp).
Policy = dict[str, list[str] | list[bool]]
GetResponse = Callable[[HttpRequest], HttpResponseBase]
# unfold evaluates Alpine expressions and writes style attributes.
ADMINISTRATION = ("/koordination/", "/plattform/")
API_DOCS = "/api/docs/"
STYLE = "wiq.style-hash"


def allow_style(request: HttpRequest, style: str) -> None:
    """Allow one inline style sheet on this page, by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    request.META[STYLE] = f"'sha256-{digest}'"


def widen(response: HttpResponseBase, policy: Policy) -> None:
    """Extend the policy of one response (as django-csp's ``csp_update`` does for a view)."""
    response._csp_update = policy  # type: ignore[attr-defined]


def replace(response: HttpResponseBase, policy: Policy) -> None:
    """Replace parts of one response's policy (as django-csp's ``csp_replace`` does for a view)."""
    response._csp_replace = policy  # type: ignore[attr-defined]


def keep_strict(response: HttpResponseBase) -> None:
    """Keep the policy of public pages for a page of the administration that is not Unfold's."""
    response._wiq_strict = True  # type: ignore[attr-defined]


class ContentPolicyMiddleware:
    """Adjust the strict default policy of the settings to the current page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        update = dict(getattr(response, "_csp_update", {}))
        is_strict = getattr(response, "_wiq_strict", False)
        is_administration = without_language(request.path_info).startswith(ADMINISTRATION)
        if is_administration and not is_strict:
            # Browsers ignore 'unsafe-inline' if there is a hash, so the style's hash is left out.
            update |= {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}
        elif request.path_info.startswith(API_DOCS):
            update |= {"style-src": [UNSAFE_INLINE]}
        elif STYLE in request.META:
            update |= {"style-src": [request.META[STYLE]]}
        widen(response, update)
        return response
