"""Which answers of the API a cache may keep: those that anybody gets, and no others."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView


class Unstored(APIView):
    """Keeps what a token shows, answers to writes, and refusals out of every cache."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Note on the answer whether it may be kept."""
        is_public = request.method in SAFE_METHODS and "Authorization" not in request.headers
        if not is_public or response.status_code >= 400:
            response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)
