"""Which responses of the API may be cached: only those that are the same for everybody."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView


class Unstored(APIView):
    """Keeps responses to tokens, responses to writes and errors out of all caches."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell in the response whether it may be cached."""
        is_public = request.method in SAFE_METHODS and "Authorization" not in request.headers
        if not is_public or response.status_code >= 400:
            response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)
