"""Portraits of people who agreed to be shown with one."""

from django.urls import path

from directory.people.views import portrait

urlpatterns = [
    path("<slug:slug>/", portrait, name="portrait"),
    path("<slug:slug>/<small:small>", portrait, name="portrait"),
]
