"""The frame of the desk's own pages: signed in, strict content policy, never kept anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from tenants.districts.requests import DistrictRequest
from wiq.accounts.models import User
from wiq.admin.sites import district_site
from wiq.web.content_policy import keep_strict

View = Callable[..., HttpResponseBase]


def desk_page(*, permission: str = "") -> Callable[[View], View]:
    """Let a view answer accounts of the district with this permission; all of them without one.

    Its page keeps the strict content policy of public pages, unlike Unfold's.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if permission and not user.has_perm(permission):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            keep_strict(response)
            add_never_cache_headers(response)
            return response

        opened: View = district_site.admin_view(guarded)
        return opened

    return decorate


def show(
    request: DistrictRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the desk with what its frame needs."""
    user: Any = request.user
    framed = {
        "me": user,
        "sees_inbox": user.has_perm("conversations.view_conversation"),
        "guest": User.objects.visiting().first(),
        "told": list(messages.get_messages(request)),
        **context,
    }
    return render(request, template, framed, status=status)
