"""What was ordered and what is gone, at the project team's console: to be read, not written."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from tenants.provisioning.models import Order, Removal, Step
from wiq.admin.base import AuditedAdmin
from wiq.admin.sites import platform_site


class ReadOnlyAdmin(AuditedAdmin):
    """An admin page that only shows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(TabularInline):
    """How far each step is."""

    model = Step
    extra = 0
    can_delete = False
    fields = readonly_fields = ("name", "state", "attempts", "error", "finished_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order, site=platform_site)
class OrderAdmin(ReadOnlyAdmin):
    """Districts that are made at the moment, were made, or could not be."""

    list_display = ("name", "slug", "state", "created_at", "finished_at", "error")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "city", "state", "error", "created_at", "finished_at")
    inlines: ClassVar = [StepInline]


@admin.register(Removal, site=platform_site)
class RemovalAdmin(ReadOnlyAdmin):
    """Districts that are gone."""

    list_display = ("slug", "city", "was_made_on", "removed_at", "reserved_until")
    search_fields = ("slug", "city")
