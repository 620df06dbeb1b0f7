"""The console's own pages."""

from django.urls import path

from tenants.console import figures
from wiq.admin.sites import platform_site

urlpatterns = [
    path("zahlen.<str:kind>", platform_site.admin_view(figures.table), name="platform_figures"),
]
