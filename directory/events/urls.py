"""Addresses of the events, under ``/termine/``."""

from django.urls import path

from directory.events import views

app_name = "events"
urlpatterns = [
    path("", views.events, name="list"),
    path("<int:number>/", views.event, name="event"),
]
