"""Addresses of the ideas room, under ``/idee/``."""

from django.urls import path

from directory.ideas import views

app_name = "ideas"
urlpatterns = [
    path("", views.bring, name="form"),
    path("geholfen/<signed:word>/", views.did_it_help, name="helped"),
    path("<token:token>/", views.status, name="status"),
]
