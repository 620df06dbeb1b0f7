"""Addresses of the contact room, under ``/kontakt/``."""

from django.urls import path

from directory.contact import views

app_name = "contact"
urlpatterns = [
    path("", views.contact, name="form"),
    path("danke/", views.received, name="received"),
    path("bearbeiten/<str:word>/", views.link, name="link"),
    path("<str:token>/", views.status, name="status"),
]
