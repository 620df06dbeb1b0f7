"""The folders at the console."""

from django.urls import path

from tenants.accountability import views
from wiq.admin.sites import platform_site

urlpatterns = [
    path("datenschutz/", platform_site.admin_view(views.console_folder), name="console_folder"),
    path(
        "datenschutz/quartier/<int:district>/vertrag/<int:number>/",
        platform_site.admin_view(views.console_contract),
        name="console_contract",
    ),
    path(
        "datenschutz/<slug:key>/",
        platform_site.admin_view(views.console_document),
        name="console_folder_document",
    ),
    path(
        "datenschutz/<slug:key>.pdf",
        platform_site.admin_view(views.console_pdf),
        name="console_folder_pdf",
    ),
    path(
        "datenschutz/<slug:key>/<int:number>/",
        platform_site.admin_view(views.console_version),
        name="console_folder_version",
    ),
    path(
        "datenschutz/<slug:key>/<int:number>.pdf",
        platform_site.admin_view(views.console_version_pdf),
        name="console_folder_version_pdf",
    ),
]
