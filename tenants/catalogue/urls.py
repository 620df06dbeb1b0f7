"""The catalogue on the platform's host."""

from django.urls import path

from tenants.catalogue.views import catalogue

urlpatterns = [
    path("", catalogue, name="catalogue"),
]
