"""Who may use which part of the API."""

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from wiq.accounts.models import ApiToken, Scope
from wiq.submissions.models import Submission


class ReadOnly(BasePermission):
    """Everybody may read what is public."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS


def may(request: Request, verb: str, model: type[Model]) -> bool:
    """Tell whether the token may view, add, change or delete such objects.

    Its account's role has to allow it, and its scopes.
    """
    options = model._meta
    user = request.user
    if user is None or not user.has_perm(f"{options.app_label}.{verb}_{options.model_name}"):
        return False
    return bool(scopes_of(request) & _scopes_for(verb, model))


def scopes_of(request: Request) -> frozenset[Scope]:
    """Return what the request's token is for."""
    token = request.auth
    return frozenset(map(Scope, token.scopes)) if isinstance(token, ApiToken) else frozenset()


def _scopes_for(verb: str, model: type[Model]) -> frozenset[Scope]:
    """Return the scopes of which one is needed. Whoever writes something reads it as well."""
    if issubclass(model, Submission):
        return frozenset({Scope.REQUESTS})
    return frozenset({Scope.CONTENT} if verb != "view" else {Scope.READ, Scope.CONTENT})


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
