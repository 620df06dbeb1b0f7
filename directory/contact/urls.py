"""Addresses of the contact room, under ``/kontakt/``."""

from django.urls import path

from directory.contact import views

app_name = "contact"
urlpatterns = [
    path("", views.contact, name="form"),
    path("danke/", views.received, name="received"),
    path("bearbeiten/<signed:word>/", views.link, name="link"),
    path("<token:token>/", views.status, name="status"),
]
