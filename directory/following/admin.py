"""Subscriptions at the coordinators' desk: to look at, and to end when their owner asks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from directory.following import services
from directory.following.models import Subscription
from wiq.admin.acts import Act, Group, told
from wiq.admin.base import ServiceAdmin, account
from wiq.admin.sites import district_site


def _call_no_spam(found: Subscription, typed: Mapping[str, Any], actor: Model) -> Any:
    services.call_no_spam(found, actor=actor)
    return _("Kein Spam. Die Person bekommt die E-Mail, mit der sie die Bestellung bestätigt.")


@admin.register(Subscription, site=district_site)
class SubscriptionAdmin(ServiceAdmin):
    """Addresses that get news by mail. Only their owners can add them."""

    services = services
    list_display = ("email", "shown_team", "is_confirmed", "created_at", "told_until")
    list_filter = ("is_suspicious",)
    actions: ClassVar = ["mark_no_spam"]
    search_fields = ("email", "solution_team__name")
    date_hierarchy = "created_at"
    fields = ("email", "shown_team", "spoken", "created_at", "confirmed_at", "told_until")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("solution_team")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list's action needs this permission; subscriptions themselves can't be edited.
        return obj is None and bool(super().has_change_permission(request, obj))

    def get_acts(self, request: HttpRequest, obj: Subscription) -> list[Group]:
        acts = [Act("no_spam", _("Kein Spam"), _call_no_spam)] if obj.is_suspicious else []
        about = _("Diese Bestellung sah nach Spam aus. Deshalb wurde niemand gefragt.")
        return [Group("spam", _("Spam?"), acts, about=about)]

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        suspicious = [found for found in queryset if found.is_suspicious]
        for subscription in suspicious:
            services.call_no_spam(subscription, actor=account(request))
        self.message_user(request, told(len(suspicious), len(queryset)))

    @admin.display(description=_("Neuigkeiten von"), ordering="solution_team__name")
    def shown_team(self, subscription: Subscription) -> str:
        team = subscription.solution_team
        return team.name if team is not None else str(_("allen Lösungsteams"))

    @display(description=_("bestätigt"), boolean=True, ordering="confirmed_at")
    def is_confirmed(self, subscription: Subscription) -> bool:
        return subscription.confirmed_at is not None
