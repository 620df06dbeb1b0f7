"""What a support visit may not do, and the log of everything it reads."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants.visits import reading
from wiq.accounts.models import User
from wiq.web.errors import error_response
from wiq.web.languages import without_language

DESK, ACCOUNT = "/koordination/", "/anmelden/"
# Of the pages of an account, those that end the visit or lead to the desk.
ALLOWED = ("/anmelden/abmelden/", "/anmelden/weiter/", "/anmelden/besuch/", "/anmelden/uebergabe/")


class VisitMiddleware:
    """Keeps a visit from its own account, and notes each page of the desk that it opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if without_language(request.path_info).startswith(DESK) and response.status_code == 200:
            visitor = _visitor(request)
            if visitor is not None:
                reading.note(visitor, request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse the pages of an account: a password or key made now would outlive the visit."""
        path = without_language(request.path_info)
        if not path.startswith(ACCOUNT) or path.startswith(ALLOWED):
            return None
        return error_response(request, 403) if _visitor(request) is not None else None


def _visitor(request: HttpRequest) -> User | None:
    """Return the account of the visit that asks; None for everybody else."""
    user = request.user
    return user if isinstance(user, User) and user.is_visit else None
