"""Addresses of the ideas room, under ``/idee/``."""

from django.urls import path

from directory.ideas import views

app_name = "ideas"
urlpatterns = [
    path("", views.bring, name="form"),
    path("<token:token>/", views.status, name="status"),
]
