"""The catalogue at the desk."""

from django.urls import path

from tenants.catalogue.views import at_the_desk
from wiq.admin.sites import district_site

urlpatterns = [
    path("nachmachen/", district_site.admin_view(at_the_desk), name="catalogue_desk"),
]
