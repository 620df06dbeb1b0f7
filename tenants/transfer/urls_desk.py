"""A district as a file, at its desk."""

from django.urls import path

from tenants.transfer.views import export_at_the_desk
from wiq.admin.sites import district_site

urlpatterns = [
    path("mitnehmen/", district_site.admin_view(export_at_the_desk), name="export"),
]
