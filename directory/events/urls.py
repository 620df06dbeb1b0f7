"""Addresses of the events, under ``/termine/``."""

from django.urls import path

from directory.events import subscribing, views

app_name = "events"
urlpatterns = [
    path("", views.events, name="list"),
    path("termine.ics", subscribing.of_district, name="calendar"),
    path("feed/", subscribing.feed, name="feed"),
    path("<int:number>/", views.event, name="event"),
    path("<int:number>/termin.ics", subscribing.of_event, name="event_calendar"),
]
