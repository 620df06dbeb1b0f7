"""Addresses of the platform's public pages."""

from django.urls import path

from tenants.console import legal, views

app_name = "console"
urlpatterns = [
    path("", views.start, name="start"),
    path("so-geht-es/", views.how, name="how"),
    path("quartiere/", views.districts, name="districts"),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
]
