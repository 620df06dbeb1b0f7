"""Addresses of the solutions room, under ``/loesungsteams/``."""

from django.urls import path

import wiq.submissions.converters  # noqa: F401 (registers "signed")
from directory.solutions import posters, views

app_name = "solutions"
urlpatterns = [
    path("", views.solution_teams, name="list"),
    path("stimmt-das-noch/<signed:word>/", views.confirm, name="confirm"),
    path("<slug:slug>/", views.solution_team, name="team"),
    path("<slug:slug>/aushang/", posters.solution_team, name="poster"),
]
