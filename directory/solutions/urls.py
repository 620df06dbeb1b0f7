"""Addresses of the solutions room, under ``/loesungsteams/``."""

from django.urls import path

from directory.solutions import posters, views

app_name = "solutions"
urlpatterns = [
    path("", views.solution_teams, name="list"),
    path("<slug:slug>/", views.solution_team, name="team"),
    path("<slug:slug>/aushang/", posters.solution_team, name="poster"),
]
