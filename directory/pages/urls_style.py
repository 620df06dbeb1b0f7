"""Every component in every state, for whoever works on them."""

from django.urls import path

from directory.pages.style import style

urlpatterns = [
    path("", style, name="style"),
]
