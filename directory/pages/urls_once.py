"""Pages with a single address, for all languages."""

from django.urls import path

from directory.pages import embedding, plain
from directory.pages.pictures import district_picture

urlpatterns = [
    path("einfach/", plain.start, name="plain_start"),
    path("einbetten/", embedding.solution_teams, name="embedded"),
    path("medien/quartier/<slug:which>/", district_picture, name="district_picture"),
    path("medien/quartier/<slug:which>/<small:small>", district_picture, name="district_picture"),
]
