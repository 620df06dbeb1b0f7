"""Who may use which part of the API."""

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class ReadOnly(BasePermission):
    """Everybody may read what is public."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS


def may(request: Request, verb: str, model: type[Model]) -> bool:
    """Tell whether the token's account may view, add, change or delete such objects."""
    options = model._meta
    user = request.user
    return user is not None and user.has_perm(f"{options.app_label}.{verb}_{options.model_name}")


class InboxPermission(BasePermission):
    """Everybody may write to us; what others wrote is for those who may view it.

    The view's ``model`` says what is in the inbox.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method == "POST":
            return True
        return may(request, "view" if request.method in SAFE_METHODS else "change", view.model)


class DirectoryPermission(BasePermission):
    """Everybody may read what is published; a token's role says who writes.

    The view's ``model`` says what is written.
    """

    VERBS: ClassVar = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}

    def has_permission(self, request: Request, view: Any) -> bool:
        verb = self.VERBS.get(str(request.method))
        # Everybody may read; the view answers unknown methods with 405.
        return verb is None or may(request, verb, view.model)
