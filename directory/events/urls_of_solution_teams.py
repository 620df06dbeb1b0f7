"""The calendars of solution teams, under ``/loesungsteams/``."""

from django.urls import path

from directory.events import subscribing

urlpatterns = [
    path("<slug:slug>/termine.ics", subscribing.of_solution_team, name="solution_team_calendar"),
]
