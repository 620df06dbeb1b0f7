"""The companies that work for the platform, at the console."""

from django.contrib import admin

from tenants.accountability import services
from tenants.accountability.models import SubProcessor
from wiq.admin.base import ServiceAdmin
from wiq.admin.sites import platform_site


@admin.register(SubProcessor, site=platform_site)
class SubProcessorAdmin(ServiceAdmin):
    """Who works for the platform, and where."""

    services = services
    list_display = ("name", "purpose", "place", "agreement_on")
    search_fields = ("name", "purpose")
