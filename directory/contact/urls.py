"""Addresses of the contact room, under ``/kontakt/``."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from directory.contact import views


class TokenConverter(StringConverter):
    """The secret part of a status page's address."""

    regex = "[A-Za-z0-9_-]{32}"


class SignedConverter(StringConverter):
    """A signed word: three parts of base64 with colons between."""

    regex = "[A-Za-z0-9_:-]{20,300}"


register_converter(TokenConverter, "token")
register_converter(SignedConverter, "signed")

app_name = "contact"
urlpatterns = [
    path("", views.contact, name="form"),
    path("danke/", views.received, name="received"),
    path("bearbeiten/<signed:word>/", views.link, name="link"),
    path("<token:token>/", views.status, name="status"),
]
