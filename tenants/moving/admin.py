"""Moves between installations at the project team's console, read-only."""

from django.contrib import admin

from tenants.moving.models import Move
from tenants.provisioning.admin import ReadOnlyAdmin
from wiq.admin.sites import platform_site


@admin.register(Move, site=platform_site)
class MoveAdmin(ReadOnlyAdmin):
    """Districts that come from another installation or go to one."""

    list_display = ("slug", "direction", "stage", "other", "since", "changed_at", "words")
    list_filter = ("direction", "stage")
    search_fields = ("slug", "other")
    fields = (
        *("slug", "direction", "stage", "other", "target", "since", "changed_at"),
        *("held_ms", "words"),
    )
