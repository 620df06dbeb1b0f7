"""Addresses of the people room, under ``/menschen/``."""

from django.urls import path

from directory.pages import who
from directory.people import views

app_name = "people"
urlpatterns = [
    path("", who.people, name="teams"),
    path("<slug:slug>/", views.team, name="team"),
]
