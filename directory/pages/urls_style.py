"""The page with every component in every state, for developers."""

from django.urls import path

from directory.pages.style import style

urlpatterns = [
    path("", style, name="style"),
]
