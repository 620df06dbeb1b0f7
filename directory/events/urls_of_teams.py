"""The calendars of teams, under ``/menschen/``."""

from django.urls import path

from directory.events import subscribing

urlpatterns = [path("<slug:slug>/termine.ics", subscribing.of_team, name="team_calendar")]
