"""Glossary, checklist and templates at the coordinators' desk."""

from typing import ClassVar

from django.contrib import admin

from directory.pages import services
from directory.pages.models import Text
from wiq.admin.base import ServiceAdmin
from wiq.admin.sites import district_site


@admin.register(Text, site=district_site)
class TextAdmin(ServiceAdmin):
    """Texts that every district starts with and may change."""

    services = services
    list_display = ("title", "kind", "done_on")
    list_filter = ("kind",)
    search_fields = ("title", "body")
    prepopulated_fields: ClassVar = {"slug": ["title"]}
    fields = ("kind", "title", "slug", "body", "body_en", "position", "done_on")
