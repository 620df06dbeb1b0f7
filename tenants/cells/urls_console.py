"""All installations at the project team's console."""

from django.urls import path

from tenants.cells.views import installations
from wiq.admin.sites import platform_site

urlpatterns = [
    path("installationen/", platform_site.admin_view(installations), name="cells"),
]
