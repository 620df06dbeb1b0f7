"""The audit log at the desk and the console, read-only."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from wiq.admin.lookups import ListedLookups
from wiq.admin.sites import district_site, platform_site
from wiq.audit.models import Entry


@admin.register(Entry, site=district_site)
@admin.register(Entry, site=platform_site)
class EntryAdmin(ListedLookups, ModelAdmin):
    """Who did what, when."""

    list_display = ("at", "actor", "action", "target_type", "target_id")
    list_filter = ("action",)
    search_fields = ("actor", "target_id")
    date_hierarchy = "at"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """An entry never changes, so it has no history."""
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
