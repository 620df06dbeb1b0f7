"""Addresses of the people room, under ``/menschen/``."""

from django.urls import path

from directory.people import views

app_name = "people"
urlpatterns = [
    path("<slug:slug>/", views.team, name="team"),
]
