"""Orders and removed districts at the project team's console, read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from tenants.provisioning.models import Order, Removal, Step
from wiq.admin.base import AuditedAdmin
from wiq.admin.sites import platform_site


class ReadOnlyAdmin(AuditedAdmin):
    """A read-only admin page."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(TabularInline):
    """The state of each step."""

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
    """Orders of districts: in progress, done or failed."""

    list_display = ("name", "slug", "state", "created_at", "finished_at", "error")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "city", "state", "error", "created_at", "finished_at")
    inlines: ClassVar = [StepInline]


@admin.register(Removal, site=platform_site)
class RemovalAdmin(ReadOnlyAdmin):
    """Removed districts."""

    list_display = ("slug", "city", "was_made_on", "removed_at", "reserved_until")
    search_fields = ("slug", "city")
