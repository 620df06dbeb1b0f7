"""Tokens of the API: who has which, until when, and deleting one of them."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wiq.accounts import services
from wiq.accounts.models import ApiToken, Scope
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import district_site, platform_site


@admin.register(ApiToken, site=district_site)
@admin.register(ApiToken, site=platform_site)
class ApiTokenAdmin(AuditedAdmin):
    """The tokens of all accounts of this host. New ones are made at the command line."""

    list_display = ("called", "whose", "allowed", "made", "last_used_at", "until")
    list_select_related = ("token__user",)
    fields = ("name", "whose", "allowed", "made", "last_used_at", "until")
    search_fields = ("name", "token__user__email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        services.revoke_token(obj, actor=account(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for token in queryset:
            services.revoke_token(token, actor=account(request))

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Do nothing: the service has recorded which tokens ended."""

    @admin.display(description=_("Name"), ordering="name")
    def called(self, token: ApiToken) -> str:
        return str(token)

    @admin.display(description=_("Konto"), ordering="token__user__email")
    def whose(self, token: ApiToken) -> str:
        return str(token.token.user.email)

    @admin.display(description=_("darf"))
    def allowed(self, token: ApiToken) -> str:
        return "; ".join(str(Scope(word).label) for word in token.scopes)

    @admin.display(description=_("angelegt am"), ordering="token__created")
    def made(self, token: ApiToken) -> str:
        return _day(token.token.created)

    @admin.display(description=_("gültig bis"), ordering="token__expiry")
    def until(self, token: ApiToken) -> str:
        return _day(token.token.expiry)


def _day(moment: datetime | None) -> str:
    """Return a day here; a page of one token shows what Python would print otherwise."""
    return date_format(timezone.localtime(moment), "j. F Y") if moment is not None else "–"
