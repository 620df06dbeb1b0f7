"""The desk's own pages, under ``/koordination/``."""

from django.urls import path

from directory.desk.views import guide_index, guide_step, personal_data
from wiq.admin.sites import district_site

urlpatterns = [
    path("personendaten/", district_site.admin_view(personal_data), name="personal_data"),
    path("leitfaden/", district_site.admin_view(guide_index), name="guide"),
    path("leitfaden/<slug:key>/", district_site.admin_view(guide_step), name="guide_step"),
]
