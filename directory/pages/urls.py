"""Addresses of the public pages."""

from django.urls import path

from directory.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.start, name="start"),
]
