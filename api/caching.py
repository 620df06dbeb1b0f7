"""Which responses of the API are the same for everybody: caches and others' pages may have them."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView


class Unstored(APIView):
    """Keeps responses to tokens, responses to writes and errors out of all caches.

    What anybody may read without a token is open to the pages of other hosts, too (CORS).
    """

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell in the response whether it may be cached, and read by pages of other hosts."""
        is_public = request.method in SAFE_METHODS and "Authorization" not in request.headers
        if not is_public or response.status_code >= 400:
            response["Cache-Control"] = "no-store"
        if is_public:
            # Pages of others may read what everybody may read; nothing here depends on cookies.
            response["Access-Control-Allow-Origin"] = "*"
        return super().finalize_response(request, response, *args, **kwargs)
