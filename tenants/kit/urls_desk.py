"""The kit at the desk."""

from django.urls import path

from tenants.kit.views import kit
from wiq.admin.sites import district_site

urlpatterns = [
    path("startpaket/", district_site.admin_view(kit), name="kit"),
]
