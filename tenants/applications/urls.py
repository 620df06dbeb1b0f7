"""Addresses of the applications room, under ``/quartier-anmelden/``."""

from django.urls import path

from tenants.applications import views

app_name = "applications"
urlpatterns = [
    path("", views.apply, name="form"),
    path("adresse/", views.address, name="address"),
    path("gesendet/", views.received, name="received"),
    path("angehalten/", views.held, name="held"),
    path("<token:token>/", views.status, name="status"),
]
