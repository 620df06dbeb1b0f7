"""Who may use which part of the API."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class ReadOnly(BasePermission):
    """Everybody may read what is public."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS


class InboxPermission(BasePermission):
    """Everybody may write to us; what others wrote is for those who may view requests."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method == "POST":
            return True
        verb = "view" if request.method in SAFE_METHODS else "change"
        user = request.user
        return user is not None and user.has_perm(f"contact.{verb}_contactrequest")
